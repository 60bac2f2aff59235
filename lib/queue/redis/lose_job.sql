-- The queue elsewhere has lost a job, if it still is what it was. :id :version  →  1, or no row
UPDATE jobs SET state = 'pending', lease_until_ms = NULL, deadline_ms = NULL
 WHERE id = :id AND queue_version = :version AND state IN ('queued', 'running')
RETURNING 1
