-- A job leaves the state it was read in; its lease ends with that. What is NULL stays as it is.
-- :id :state :run_at_ms (really NULL: at once) :retry_count :crash_count :queued_at_ms :completed_at_ms
UPDATE jobs
   SET state = :state, run_at_ms = :run_at_ms, retry_count = coalesce(:retry_count, retry_count),
       crash_count = coalesce(:crash_count, crash_count), lease_until_ms = NULL, deadline_ms = NULL,
       queued_at_ms = coalesce(:queued_at_ms, queued_at_ms), completed_at_ms = coalesce(:completed_at_ms, completed_at_ms)
 WHERE id = :id
