-- →  id, search_model, external_models of every project
SELECT id, search_model, external_models FROM projects WHERE deleted_at_ms IS NULL
