-- :after  →  id, document, points; in order
SELECT id, document, points FROM erasures WHERE id > :after ORDER BY id
