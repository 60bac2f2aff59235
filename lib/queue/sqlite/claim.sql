-- Leases the best ready jobs for one worker. Uses jobs_ready.
-- :now_ms :lease_ms :worker_id :limit :job_types (a JSON array; NULL = all); epochs go on from the counter, which
-- use_epochs.sql must then move by the number of rows
-- →  id, score, epoch, job_type, project_id, user_id, source_id, priority, job_data, retry_count, claims, lease_until_ms,
--    deadline_ms (unordered: sort by epoch)
UPDATE jobs
   SET state = 'running', worker_id = :worker_id, claims = claims + 1, started_at_ms = :now_ms,
       epoch = (SELECT value FROM counters WHERE name = 'epoch') + best.place,
       deadline_ms = :now_ms + timeout_ms, lease_until_ms = :now_ms + min(:lease_ms, timeout_ms),
       progress_current = 0, progress_total = 0, progress_message = ''
  FROM (SELECT id AS best_id, row_number() OVER (ORDER BY score, id) AS place
          FROM (SELECT id, score FROM jobs
                 WHERE state = 'queued' AND run_at_ms IS NULL
                   AND (:job_types IS NULL OR job_type IN (SELECT value FROM json_each(:job_types)))
                 ORDER BY score, id LIMIT :limit)) AS best
 WHERE id = best.best_id
RETURNING id, score, epoch, job_type, project_id, user_id, source_id, priority,
          (SELECT job_data FROM job_payloads WHERE job_id = jobs.id), retry_count, claims, lease_until_ms, deadline_ms
