-- :project_id  →  fair_ms; no row: the project never had a job
SELECT fair_ms FROM fairness WHERE project_id = :project_id
