-- What processing found out of the latest version; no row changes where a newer one was uploaded meanwhile.
-- :source_id :version :status :reason :file_type :content_type :language :charset :replaced_bytes :now_ms
UPDATE sources
   SET status = :status, reason = :reason, file_type = :file_type, content_type = :content_type, language = :language,
       charset = :charset, replaced_bytes = :replaced_bytes, processed_at_ms = :now_ms
 WHERE id = :source_id AND version = :version
