-- Sources that can be searched and that the project's next model does not have, nor is about to have.
-- :project_id :limit  →  id, name, active_version, content_hash, size_bytes, user_id
SELECT s.id, s.name, s.active_version, v.content_hash, v.size_bytes, v.uploaded_by
  FROM sources s JOIN source_versions v ON v.source_id = s.id AND v.version = s.active_version
  LEFT JOIN next_generations n ON n.source_id = s.id
 WHERE s.project_id = :project_id AND s.deleted_at_ms IS NULL AND s.active_generation IS NOT NULL
   AND (n.source_id IS NULL OR n.version < s.active_version)
 LIMIT :limit
