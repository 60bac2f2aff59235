-- Leases one queued job. :id :now_ms :lease_ms :worker_id :epoch
-- →  job_type, project_id, user_id, source_id, priority, job_data, retry_count, claims, lease_until_ms, deadline_ms
UPDATE jobs
   SET state = 'running', worker_id = :worker_id, claims = claims + 1, started_at_ms = :now_ms, epoch = :epoch,
       deadline_ms = :now_ms + timeout_ms, lease_until_ms = :now_ms + min(:lease_ms, timeout_ms),
       progress_current = 0, progress_total = 0, progress_message = ''
 WHERE id = :id AND state = 'queued'
RETURNING job_type, project_id, user_id, source_id, priority,
          (SELECT job_data FROM job_payloads WHERE job_id = jobs.id), retry_count, claims, lease_until_ms, deadline_ms
