-- What search must know of a source. :id  →  project_id, name, active_generation
SELECT project_id, name, active_generation FROM sources WHERE id = :id AND deleted_at_ms IS NULL
