-- →  the greatest id, NULL when there are no jobs
SELECT max(id) FROM jobs
