-- The flip: readers see the old file before and the new one after. No row: superseded by a newer version, or deleted.
-- :source_id :version :generation (NULL = nothing to search) :text_hash :chunks  →  1
UPDATE sources
   SET active_version = :version, active_generation = :generation, text_hash = :text_hash, chunks = :chunks
 WHERE id = :source_id AND deleted_at_ms IS NULL AND (active_version IS NULL OR active_version < :version)
RETURNING 1
