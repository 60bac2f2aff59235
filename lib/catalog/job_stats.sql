-- How many jobs are in which state, and how long the completed ones ran. :user_id (NULL = all)
-- →  state ("scheduled" beside those of jobs), jobs, run_ms
SELECT state, sum(jobs), sum(run_ms) FROM job_counts WHERE :user_id IS NULL OR user_id = :user_id GROUP BY state
