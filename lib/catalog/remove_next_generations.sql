-- Those of the first sources of a project, as remove_sources takes them. :project_id :limit
DELETE FROM next_generations
 WHERE source_id IN (SELECT id FROM sources WHERE project_id = :project_id ORDER BY name LIMIT :limit)
