-- The job that was to make it ended without a result. :source_id :job_id :reason
UPDATE next_generations SET state = 'failed', reason = :reason WHERE source_id = :source_id AND job_id = :job_id
