-- The best ready jobs of a lane, suspects left out. :lane :limit  →  id, score, project_id. Uses jobs_ready.
SELECT id, score, project_id FROM jobs
 WHERE state = 'queued' AND run_at_ms IS NULL AND crash_count < 2 AND lane = :lane
 ORDER BY score, id LIMIT :limit
