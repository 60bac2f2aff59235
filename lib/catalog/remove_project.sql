-- A deleted project that has no sources any more. :id
DELETE FROM projects WHERE id = :id AND deleted_at_ms IS NOT NULL
