-- All that is not of the project's next model is retired. :project_id :now_ms
UPDATE generations SET retired_at_ms = :now_ms
 WHERE retired_at_ms IS NULL AND source_id IN (SELECT id FROM sources WHERE project_id = :project_id)
   AND model_id <> (SELECT next_model FROM projects WHERE id = :project_id)
