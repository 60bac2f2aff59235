-- :job_id :worker_id :until_ms
INSERT INTO reservations VALUES (:job_id, :worker_id, :until_ms)
ON CONFLICT DO UPDATE SET worker_id = excluded.worker_id, until_ms = excluded.until_ms
