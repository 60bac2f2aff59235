-- One that nobody waits for is to be erased, unless it is known already. :source_id :generation :version :chunks :model_id
-- :now_ms
INSERT INTO generations (source_id, generation, version, chunks, model_id, retired_at_ms)
VALUES (:source_id, :generation, :version, :chunks, :model_id, :now_ms)
ON CONFLICT DO NOTHING
