-- Jobs by id, to be compared with the queue elsewhere. :after :limit  →  id, state, queue_version
SELECT id, state, queue_version FROM jobs WHERE id > :after ORDER BY id LIMIT :limit
