-- :job_id :epoch (of the newest)
DELETE FROM job_attempts WHERE job_id = :job_id AND epoch <= :epoch - 100
