-- :project_id :source_id (0 = the whole project) :now_ms
INSERT INTO late_erasures VALUES (:project_id, :source_id, :now_ms)
ON CONFLICT DO UPDATE SET since_ms = excluded.since_ms
