-- :project_id :fair_ms
INSERT INTO fairness VALUES (:project_id, :fair_ms) ON CONFLICT DO UPDATE SET fair_ms = excluded.fair_ms
