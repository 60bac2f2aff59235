-- A project's first sources by name. :project_id :limit
DELETE FROM sources
 WHERE id IN (SELECT id FROM sources WHERE project_id = :project_id ORDER BY name LIMIT :limit)
