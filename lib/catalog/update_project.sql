-- :id :name :description; a name already taken is a constraint error.
UPDATE projects SET name = :name, description = :description WHERE id = :id
