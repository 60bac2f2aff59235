-- Keeps a job's newest tries. :job_id :kept
DELETE FROM job_attempts
 WHERE job_id = :job_id
   AND epoch NOT IN (SELECT epoch FROM job_attempts WHERE job_id = :job_id ORDER BY epoch DESC LIMIT :kept)
