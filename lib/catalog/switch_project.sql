-- :project_id
UPDATE projects SET search_model = next_model, next_model = NULL WHERE id = :project_id AND next_model IS NOT NULL
