-- :parent_id  →  id
SELECT id FROM jobs WHERE parent_id = :parent_id
