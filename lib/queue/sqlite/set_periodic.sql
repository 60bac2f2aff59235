-- Parameters: the columns' names
INSERT OR REPLACE INTO periodic_jobs
VALUES (:name, :cron, :next_at_ms, :job_type, :priority, :project_id, :user_id, :source_id, :job_data, :max_retries,
        :timeout_ms)
