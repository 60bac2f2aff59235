-- :id
DELETE FROM job_payloads WHERE job_id = :id
