-- Nothing of a source is active any more. :source_id :now_ms
UPDATE generations SET retired_at_ms = :now_ms WHERE source_id = :source_id AND retired_at_ms IS NULL
