-- A job's tries, oldest first; the one under way has no end. :job_id
-- →  epoch, worker_id, started_at_ms, ended_at_ms, outcome, error_message
SELECT epoch, worker_id, started_at_ms, ended_at_ms, outcome, error_message FROM job_attempts WHERE job_id = :job_id
UNION ALL
SELECT epoch, worker_id, started_at_ms, NULL, 'running', '' FROM jobs WHERE id = :job_id AND state = 'running'
ORDER BY 1
