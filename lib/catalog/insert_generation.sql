-- :source_id :generation :version :chunks :retired_at_ms (NULL = active)
INSERT INTO generations VALUES (:source_id, :generation, :version, :chunks, :retired_at_ms)
ON CONFLICT DO UPDATE SET chunks = excluded.chunks, retired_at_ms = excluded.retired_at_ms
