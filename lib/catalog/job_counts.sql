-- How many jobs are in which state. :project_id (NULL = all)  →  state, jobs
SELECT state, sum(jobs) FROM job_counts WHERE :project_id IS NULL OR project_id = :project_id GROUP BY state
