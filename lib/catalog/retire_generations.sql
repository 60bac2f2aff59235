-- What was active is so no more. :source_id :generation (the new one; NULL = none) :now_ms
UPDATE generations SET retired_at_ms = :now_ms
 WHERE source_id = :source_id AND retired_at_ms IS NULL AND generation IS NOT :generation
