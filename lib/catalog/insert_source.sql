-- A name seen for the first time, at version 1.
-- :project_id :name :original_name :content_hash :size_bytes :user_id :now_ms :metadata :job_id  →  id
INSERT INTO sources (project_id, name, original_name, version, content_hash, size_bytes, uploaded_by, created_at_ms,
                     updated_at_ms, metadata, status, job_id)
VALUES (:project_id, :name, :original_name, 1, :content_hash, :size_bytes, :user_id, :now_ms, :now_ms, :metadata,
        'pending', :job_id)
RETURNING id
