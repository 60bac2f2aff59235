-- What a worker holds. :worker_id  →  count
SELECT count(*) FROM jobs WHERE state = 'running' AND worker_id = :worker_id
