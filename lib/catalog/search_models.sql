-- →  id, search_model of every project
SELECT id, search_model FROM projects WHERE deleted_at_ms IS NULL
