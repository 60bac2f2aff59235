-- What processing came to since a moment. :project_id :since_ms  →  status, sources, chunks
SELECT status, count(*), sum(chunks) FROM sources
 WHERE project_id = :project_id AND processed_at_ms >= :since_ms AND deleted_at_ms IS NULL
 GROUP BY status
