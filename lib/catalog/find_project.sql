-- Projects, by id: all (both parameters NULL), the one of an id, the one of a name.
-- :id :name  →  id, name, description, created_at_ms, number of live sources, external_models
SELECT p.id, p.name, p.description, p.created_at_ms,
       (SELECT coalesce(sum(sources), 0) FROM source_counts c WHERE c.project_id = p.id), p.external_models
  FROM projects p
 WHERE p.deleted_at_ms IS NULL AND (:id IS NULL OR p.id = :id) AND (:name IS NULL OR p.name = :name)
 ORDER BY p.id
