-- The tries that were under way when the queue elsewhere lost its data. :now_ms
INSERT OR IGNORE INTO job_attempts
SELECT id, epoch, worker_id, started_at_ms, :now_ms, 'lost', 'the queue lost its data' FROM jobs
 WHERE state = 'running' AND epoch > 0
