-- :project_id :running_max
INSERT INTO project_limits VALUES (:project_id, :running_max) ON CONFLICT DO UPDATE SET running_max = excluded.running_max
