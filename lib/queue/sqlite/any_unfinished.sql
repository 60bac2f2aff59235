-- Whether any job is not finished.  →  a row, or none
SELECT 1 FROM job_counts WHERE jobs > 0 AND state NOT IN ('completed', 'failed', 'cancelled') LIMIT 1
