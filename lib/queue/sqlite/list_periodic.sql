-- Periodic jobs by name, or those due. :due_ms (NULL = all)
-- →  name, cron, next_at_ms, job_type, priority, project_id, user_id, source_id, job_data, max_retries, timeout_ms
SELECT name, cron, next_at_ms, job_type, priority, project_id, user_id, source_id, job_data, max_retries, timeout_ms
  FROM periodic_jobs WHERE :due_ms IS NULL OR next_at_ms <= :due_ms ORDER BY name
