-- After the vector store erased all that a project has of a model; a part at a time. :project_id :model_id :limit
DELETE FROM generations
 WHERE (source_id, generation) IN (
       SELECT g.source_id, g.generation FROM generations g JOIN sources s ON s.id = g.source_id
        WHERE s.project_id = :project_id AND g.model_id = :model_id AND g.retired_at_ms IS NOT NULL LIMIT :limit)
