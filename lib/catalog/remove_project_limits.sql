-- :project_id
DELETE FROM project_limits WHERE project_id = :project_id
