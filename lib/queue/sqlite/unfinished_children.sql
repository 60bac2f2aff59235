-- :parent_id  →  id
SELECT id FROM jobs WHERE parent_id = :parent_id AND state IN ('pending', 'queued', 'running', 'waiting')
