-- How many list_jobs would list in all. Parameters as there  →  count
SELECT count(*) FROM jobs
 WHERE (:status IS NULL OR state = :status OR (:status = 'running' AND state = 'waiting'))
   AND (:job_type IS NULL OR job_type = :job_type) AND (:project_id IS NULL OR project_id = :project_id)
