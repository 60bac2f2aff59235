-- The contents of the live source that came first and of the one that came last.
-- →  content_hash; two rows, or none
SELECT content_hash FROM (SELECT content_hash FROM sources WHERE deleted_at_ms IS NULL ORDER BY id LIMIT 1)
UNION ALL
SELECT content_hash FROM (SELECT content_hash FROM sources WHERE deleted_at_ms IS NULL ORDER BY id DESC LIMIT 1)
