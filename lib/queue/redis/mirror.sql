-- What the queue elsewhere says of an unfinished job, unless something later was told already.
-- :id :version :state (NULL: stays; the end is yet to be recorded) :epoch :worker_id :claims :started_at_ms :retry_count
-- :crash_count :run_at_ms :queued_at_ms (NULL: stays) :lease_until_ms :deadline_ms :progress_current :progress_total
-- :progress_message  →  1, or no row
UPDATE jobs
   SET queue_version = :version, state = coalesce(:state, state), epoch = :epoch, worker_id = :worker_id, claims = :claims,
       started_at_ms = :started_at_ms, retry_count = :retry_count, crash_count = :crash_count, run_at_ms = :run_at_ms,
       queued_at_ms = coalesce(:queued_at_ms, queued_at_ms), lease_until_ms = :lease_until_ms, deadline_ms = :deadline_ms,
       progress_current = :progress_current, progress_total = :progress_total, progress_message = :progress_message
 WHERE id = :id AND queue_version < :version AND state IN ('pending', 'queued', 'running')
RETURNING 1
