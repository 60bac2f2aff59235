-- What was active of a model is so no more. :source_id :model_id :generation (the new one; NULL = none) :now_ms
UPDATE generations SET retired_at_ms = :now_ms
 WHERE source_id = :source_id AND model_id = :model_id AND retired_at_ms IS NULL AND generation IS NOT :generation
