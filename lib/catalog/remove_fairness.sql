-- :project_id
DELETE FROM fairness WHERE project_id = :project_id
