-- :project_id
DELETE FROM job_counts WHERE project_id = :project_id AND jobs = 0
