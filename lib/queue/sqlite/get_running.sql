-- What a settlement, a beat or a cancel must know of its job. :id
-- →  state, epoch, worker_id, retry_count, max_retries, crash_count, job_type, project_id, source_id, parent_id,
--    started_at_ms, lease_until_ms, deadline_ms, timeout_ms, claims, priority, queue_version
SELECT state, epoch, worker_id, retry_count, max_retries, crash_count, job_type, project_id, source_id, parent_id,
       started_at_ms, lease_until_ms, deadline_ms, timeout_ms, claims, priority, queue_version
  FROM jobs WHERE id = :id
