-- :id :name :description :external_models; a name already taken is a constraint error.
UPDATE projects SET name = :name, description = :description, external_models = :external_models WHERE id = :id
