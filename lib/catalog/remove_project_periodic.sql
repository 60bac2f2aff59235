-- :project_id
DELETE FROM periodic_jobs WHERE project_id = :project_id
