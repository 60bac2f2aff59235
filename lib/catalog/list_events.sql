-- :after :limit  →  id, at_ms, kind, job_id, project_id, source_id
SELECT id, at_ms, kind, job_id, project_id, source_id FROM events WHERE id > :after ORDER BY id LIMIT :limit
