-- :at_ms :kind :job_id :project_id :source_id
INSERT INTO events (at_ms, kind, job_id, project_id, source_id) VALUES (:at_ms, :kind, :job_id, :project_id, :source_id)
