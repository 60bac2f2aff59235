-- :source_id :version :content_hash :size_bytes :user_id :now_ms
INSERT INTO source_versions VALUES (:source_id, :version, :content_hash, :size_bytes, :user_id, :now_ms)
