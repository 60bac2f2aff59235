-- Accepts a job: queued, or pending where the queue is elsewhere. One that is there already stays as it is: nothing
-- changes then. Parameters: the columns' names
INSERT INTO jobs (id, job_type, state, priority, project_id, user_id, source_id, parent_id, retry_of, lane, score,
                  run_at_ms, max_retries, timeout_ms, created_at_ms, queued_at_ms, scheduled_at_ms)
SELECT :id, :job_type, iif(active, 'pending', 'queued'), :priority, :project_id, :user_id, :source_id, :parent_id, :retry_of,
       :lane, :score, :run_at_ms, :max_retries, :timeout_ms, :now_ms, iif(active, NULL, :now_ms), :scheduled_at_ms
  FROM queue_elsewhere WHERE true
ON CONFLICT (id) DO NOTHING
