-- :id
DELETE FROM job_results WHERE job_id = :id
