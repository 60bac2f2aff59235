-- A page of the jobs a bulk action means, by id. :after :last :status (as users see it) :job_type :project_id (each NULL = all) :limit
-- →  id
SELECT id FROM jobs
 WHERE id > :after AND id <= :last AND (:status IS NULL OR state = :status OR (:status = 'running' AND state = 'waiting'))
   AND (:job_type IS NULL OR job_type = :job_type) AND (:project_id IS NULL OR project_id = :project_id)
 ORDER BY id LIMIT :limit
