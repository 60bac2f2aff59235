-- Rows to keep in memory: those above an id.
-- :after  →  id, document, ordinal, terms, vector (NULL for zero)
SELECT c.id, c.document, c.ordinal, c.terms, v.value
  FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id
 WHERE c.id > :after ORDER BY c.id
