-- What was made for a model that is not to come is to be erased. :project_id :now_ms
UPDATE generations SET retired_at_ms = :now_ms
 WHERE retired_at_ms IS NULL
   AND (source_id, generation) IN (SELECT source_id, generation FROM next_generations WHERE project_id = :project_id)
