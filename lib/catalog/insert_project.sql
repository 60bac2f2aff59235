-- Makes a project, for the model that is wanted, or the built-in one where it denies models elsewhere.
-- :name :description :external_models :now_ms  →  id; a name already taken is a constraint error.
INSERT INTO projects (name, description, created_at_ms, external_models, search_model)
SELECT :name, :description, :now_ms, :external_models, iif(:external_models = 'denied', 'builtin-hash-1', model_id)
  FROM models WHERE is_wanted = 1 RETURNING id
