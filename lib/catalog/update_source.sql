-- The next version of a known name; a deleted one is there again. Search goes on seeing the active version.
-- :id :version :original_name :content_hash :size_bytes :user_id :now_ms :metadata :job_id
UPDATE sources
   SET version = :version, original_name = :original_name, content_hash = :content_hash, size_bytes = :size_bytes,
       uploaded_by = :user_id, updated_at_ms = :now_ms, metadata = :metadata, status = 'pending', reason = '',
       job_id = :job_id, deleted_at_ms = NULL
 WHERE id = :id
