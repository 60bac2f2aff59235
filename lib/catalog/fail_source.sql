-- The job of the latest version ended without a result. :source_id :job_id :reason :now_ms
UPDATE sources SET status = 'failed', reason = :reason, processed_at_ms = :now_ms WHERE id = :source_id AND job_id = :job_id
