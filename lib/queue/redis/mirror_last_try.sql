-- What the queue elsewhere says of the try that ended a job, whose end is recorded next. No index knows these columns.
-- :id :version :epoch :worker_id :claims :started_at_ms :retry_count :progress_current :progress_total :progress_message
UPDATE jobs
   SET queue_version = :version, epoch = :epoch, worker_id = :worker_id, claims = :claims, started_at_ms = :started_at_ms,
       retry_count = :retry_count, progress_current = :progress_current, progress_total = :progress_total,
       progress_message = :progress_message
 WHERE id = :id
