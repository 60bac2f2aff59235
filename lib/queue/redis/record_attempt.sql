-- An ended try; one that is known stays.
-- :job_id :epoch :worker_id :started_at_ms :ended_at_ms :outcome :error_message
INSERT OR IGNORE INTO job_attempts VALUES (:job_id, :epoch, :worker_id, :started_at_ms, :ended_at_ms, :outcome, :error_message)
