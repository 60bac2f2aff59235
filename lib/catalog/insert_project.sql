-- Makes a project, for the model that is wanted. :name :description :now_ms  →  id; a name already taken is a constraint error.
INSERT INTO projects (name, description, created_at_ms, search_model)
SELECT :name, :description, :now_ms, model_id FROM models WHERE is_wanted = 1 RETURNING id
