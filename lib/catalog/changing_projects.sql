-- Projects whose model is changing.  →  id
SELECT id FROM projects WHERE next_model IS NOT NULL AND deleted_at_ms IS NULL
