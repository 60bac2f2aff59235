-- How many jobs are in which state, of all projects.  →  state ("scheduled" beside those of jobs), priority, jobs
SELECT state, priority, sum(jobs) FROM job_counts GROUP BY state, priority
