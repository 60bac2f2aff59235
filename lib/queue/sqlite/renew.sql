-- Renews one lease, never past its deadline, and writes its progress. No row: it is not this worker's any more.
-- :id :epoch :worker_id :now_ms :lease_ms :progress_current :progress_total :progress_message  →  1
UPDATE jobs
   SET lease_until_ms = min(:now_ms + :lease_ms, deadline_ms), progress_current = :progress_current,
       progress_total = :progress_total, progress_message = :progress_message
 WHERE id = :id AND epoch = :epoch AND worker_id = :worker_id AND state = 'running'
RETURNING 1
