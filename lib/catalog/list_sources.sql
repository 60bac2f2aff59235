-- A page of a project's live sources, by name. :project_id :status (NULL = all) :limit :offset  →  live_sources
SELECT * FROM live_sources
 WHERE project_id = :project_id AND (:status IS NULL OR status = :status)
 ORDER BY name LIMIT :limit OFFSET :offset
