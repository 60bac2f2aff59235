-- :parent_id  →  state, children
SELECT state, count(*) FROM jobs WHERE parent_id = :parent_id GROUP BY state
