-- :project_id
DELETE FROM next_generations WHERE project_id = :project_id
