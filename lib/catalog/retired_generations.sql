-- Generations that no search can still be reading. :before_ms :limit  →  project_id, source_id, generation
SELECT s.project_id, g.source_id, g.generation FROM generations g JOIN sources s ON s.id = g.source_id
 WHERE g.retired_at_ms IS NOT NULL AND g.retired_at_ms < :before_ms LIMIT :limit
