-- Suspects that run or are ready, with who reserved them; at most 64. :now_ms
-- →  id, score, state, job_type, project_id, worker_id, reserved_for (NULL: nobody). Uses jobs_suspect.
SELECT j.id, j.score, j.state, j.job_type, j.project_id, j.worker_id, r.worker_id
  FROM jobs j LEFT JOIN reservations r ON r.job_id = j.id AND r.until_ms > :now_ms
 WHERE j.crash_count >= 2 AND j.state IN ('queued', 'running') AND (j.state = 'running' OR j.run_at_ms IS NULL)
 ORDER BY j.score, j.id LIMIT 64
