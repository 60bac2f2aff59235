-- The lane of new jobs of a type and project. :job_type :project_id  →  id
INSERT INTO lanes (job_type, project_id)
VALUES (:job_type, coalesce((SELECT project_id FROM project_limits WHERE project_id = :project_id), -1))
RETURNING id
