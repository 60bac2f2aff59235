-- Leases the best ready jobs for one worker. Uses jobs_ready.
-- :now_ms :lease_ms :worker_id :limit :job_types (a JSON array; NULL = all)
-- →  id, score, epoch, job_type, project_id, user_id, source_id, priority, job_data, retry_count, lease_until_ms,
--    deadline_ms (unordered: sort by score, id)
UPDATE jobs
   SET state = 'running', worker_id = :worker_id, epoch = epoch + 1, started_at_ms = :now_ms,
       deadline_ms = :now_ms + timeout_ms, lease_until_ms = :now_ms + min(:lease_ms, timeout_ms),
       progress_current = 0, progress_total = 0, progress_message = ''
 WHERE id IN (SELECT id FROM jobs
               WHERE state = 'queued' AND run_at_ms IS NULL
                 AND (:job_types IS NULL OR job_type IN (SELECT value FROM json_each(:job_types)))
               ORDER BY score, id LIMIT :limit)
RETURNING id, score, epoch, job_type, project_id, user_id, source_id, priority,
          (SELECT job_data FROM job_payloads WHERE job_id = jobs.id), retry_count, lease_until_ms, deadline_ms
