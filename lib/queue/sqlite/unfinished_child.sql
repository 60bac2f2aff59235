-- Whether a batch has a child that is not finished. :parent_id  →  a row, or none. Uses jobs_children.
SELECT 1 FROM jobs WHERE parent_id = :parent_id AND state IN ('pending', 'queued', 'running', 'waiting') LIMIT 1
