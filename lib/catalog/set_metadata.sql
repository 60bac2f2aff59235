-- :id :metadata :now_ms
UPDATE sources SET metadata = :metadata, updated_at_ms = :now_ms WHERE id = :id AND deleted_at_ms IS NULL
