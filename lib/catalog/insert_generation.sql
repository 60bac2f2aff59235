-- An active one, or one that is about to become so. :source_id :generation :version :chunks :model_id
INSERT INTO generations (source_id, generation, version, chunks, model_id, retired_at_ms)
VALUES (:source_id, :generation, :version, :chunks, :model_id, NULL)
ON CONFLICT DO UPDATE SET chunks = excluded.chunks, retired_at_ms = NULL
