-- How far a project's change of model is. :project_id  →  state, sources
SELECT state, count(*) FROM next_generations WHERE project_id = :project_id GROUP BY state
