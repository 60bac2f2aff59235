-- What is known of a name. :project_id :name  →  id, version, content_hash, size_bytes, deleted_at_ms
SELECT id, version, content_hash, size_bytes, deleted_at_ms FROM sources WHERE project_id = :project_id AND name = :name
