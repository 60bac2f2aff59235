-- :job_type
DELETE FROM type_limits WHERE job_type = :job_type
