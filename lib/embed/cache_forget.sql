-- The oldest go. :limit
DELETE FROM vectors WHERE id IN (SELECT id FROM vectors ORDER BY id LIMIT :limit)
