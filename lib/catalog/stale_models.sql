-- Models of which a project has only what is retired, for long enough that no search can still be reading it.
-- :before_ms  →  project_id, model_id
SELECT DISTINCT s.project_id, g.model_id
  FROM generations g JOIN sources s ON s.id = g.source_id JOIN projects p ON p.id = s.project_id
 WHERE g.retired_at_ms IS NOT NULL AND g.retired_at_ms < :before_ms
   AND g.model_id <> p.search_model AND g.model_id IS NOT p.next_model
