-- Rows to keep in memory: those above an id.
-- :after  →  id, document, ordinal, terms, bytes of the core, vector (NULL for zero)
SELECT c.id, c.document, c.ordinal, c.terms, c.core_end - c.core_begin, v.value
  FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id
 WHERE c.id > :after ORDER BY c.id
