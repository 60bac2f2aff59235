-- Lanes of its own for a project that has a limit. :project_id
INSERT INTO lanes (job_type, project_id)
SELECT DISTINCT job_type, :project_id FROM jobs
 WHERE project_id = :project_id AND state IN ('pending', 'queued', 'running', 'waiting')
ON CONFLICT DO NOTHING
