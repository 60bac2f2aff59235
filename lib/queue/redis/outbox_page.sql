-- What the queue elsewhere is to be told next. :limit  →  seq, action, job_id
SELECT seq, action, job_id FROM outbox ORDER BY seq LIMIT :limit
