-- :id
DELETE FROM job_attempts WHERE job_id = :id
