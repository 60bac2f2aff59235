-- Out of sight at once. No version up to the latest can be activated any more, which active_version sees to: one may come
-- late, when the name is there again. :id :now_ms  →  1, or no row: there is no such source
UPDATE sources
   SET deleted_at_ms = :now_ms, active_version = version, active_generation = NULL, text_hash = NULL, chunks = 0
 WHERE id = :id AND deleted_at_ms IS NULL
RETURNING 1
