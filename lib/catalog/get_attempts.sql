-- A job's tries, oldest first; the one under way has no end. The one that ended a job as its outcome says is in the job's own
-- row only. :job_id  →  epoch, worker_id, started_at_ms, ended_at_ms, outcome, error_message
SELECT epoch, worker_id, started_at_ms, ended_at_ms, outcome, error_message FROM job_attempts WHERE job_id = :job_id
UNION ALL
SELECT epoch, worker_id, started_at_ms, completed_at_ms, state,
       CASE state WHEN 'failed' THEN coalesce((SELECT error_message FROM job_results WHERE job_id = :job_id), '') ELSE '' END
  FROM jobs
 WHERE id = :job_id AND epoch > 0 AND state IN ('running', 'completed', 'failed', 'cancelled')
   AND NOT EXISTS (SELECT 1 FROM job_attempts WHERE job_id = :job_id AND epoch = jobs.epoch)
ORDER BY 1
