-- How many jobs are in which state. :project_id (NULL = all)  →  state, jobs
SELECT CASE state WHEN 'scheduled' THEN 'queued' ELSE state END AS stored, sum(jobs) FROM job_counts
 WHERE :project_id IS NULL OR project_id = :project_id GROUP BY stored
