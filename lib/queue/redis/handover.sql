-- A job as it is handed over. :id
-- →  state, job_type, priority, project_id, user_id, source_id, score, run_at_ms, max_retries, timeout_ms, retry_count,
--    crash_count, claims, queue_version, job_data
SELECT state, job_type, priority, project_id, user_id, source_id, score, run_at_ms, max_retries, timeout_ms, retry_count,
       crash_count, claims, queue_version, (SELECT job_data FROM job_payloads WHERE job_id = jobs.id)
  FROM jobs WHERE id = :id
