-- :job_id
DELETE FROM reservations WHERE job_id = :job_id
