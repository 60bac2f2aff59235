-- What is still deleted, and no search can be reading any more. :before_ms  →  project_id, source_id (0 = the whole project)
SELECT l.project_id, l.source_id FROM late_erasures l LEFT JOIN sources s ON s.id = l.source_id
 WHERE l.since_ms < :before_ms AND (l.source_id = 0 OR s.deleted_at_ms IS NOT NULL)
