-- The queue elsewhere knows nothing any more: every job that waits or runs is to be handed over again.
UPDATE jobs SET state = 'pending', lease_until_ms = NULL, deadline_ms = NULL WHERE state IN ('queued', 'running')
