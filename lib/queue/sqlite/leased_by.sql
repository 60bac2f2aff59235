-- What the workers of a process hold. :process  →  id. Uses jobs_leases.
SELECT id FROM jobs WHERE state = 'running' AND worker_id IN (SELECT worker_id FROM workers WHERE process = :process)
