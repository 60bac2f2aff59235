-- Jobs that embed a project's files and have not ended. O(jobs). :project_id  →  id
SELECT id FROM jobs
 WHERE project_id = :project_id AND job_type = 'file_processing' AND source_id IS NOT NULL
   AND state IN ('pending', 'queued', 'running')
