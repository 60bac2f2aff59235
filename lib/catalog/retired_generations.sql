-- Generations that no search can still be reading, of models that are in use: those of others go as a whole (stale_models).
-- :before_ms :limit  →  project_id, source_id, generation, model_id
SELECT s.project_id, g.source_id, g.generation, g.model_id
  FROM generations g JOIN sources s ON s.id = g.source_id JOIN projects p ON p.id = s.project_id
 WHERE g.retired_at_ms IS NOT NULL AND g.retired_at_ms < :before_ms
   AND (g.model_id = p.search_model OR g.model_id IS p.next_model) LIMIT :limit
