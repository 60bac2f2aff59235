-- What the queue elsewhere says of a job that goes on.
-- :id :version :state :epoch :worker_id :claims :started_at_ms :retry_count :crash_count :run_at_ms :queued_at_ms (NULL: stays)
-- :lease_until_ms :deadline_ms :progress_current :progress_total :progress_message
UPDATE jobs
   SET queue_version = :version, state = :state, epoch = :epoch, worker_id = :worker_id, claims = :claims,
       started_at_ms = :started_at_ms, retry_count = :retry_count, crash_count = :crash_count, run_at_ms = :run_at_ms,
       queued_at_ms = coalesce(:queued_at_ms, queued_at_ms), lease_until_ms = :lease_until_ms, deadline_ms = :deadline_ms,
       progress_current = :progress_current, progress_total = :progress_total, progress_message = :progress_message
 WHERE id = :id
