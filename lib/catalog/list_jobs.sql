-- A page of jobs, newest first. :status as users see it, :job_type, :project_id (each NULL = all) :limit :offset
-- →  whole_jobs
SELECT * FROM whole_jobs
 WHERE (:status IS NULL OR state = :status OR (:status = 'running' AND state = 'waiting'))
   AND (:job_type IS NULL OR job_type = :job_type) AND (:project_id IS NULL OR project_id = :project_id)
 ORDER BY id DESC LIMIT :limit OFFSET :offset
