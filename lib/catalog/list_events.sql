-- :after :limit :job_id :project_id (each NULL = all)  →  id, at_ms, kind, job_id, project_id, source_id
SELECT id, at_ms, kind, job_id, project_id, source_id FROM events
 WHERE id > :after AND (:job_id IS NULL OR job_id = :job_id) AND (:project_id IS NULL OR project_id = :project_id)
 ORDER BY id LIMIT :limit
