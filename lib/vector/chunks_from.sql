-- The chunks of a document from a place on, in order, with their vectors.
-- :document :begin :limit
--    →  id, ordinal, core_begin, core_end, context_begin, line_first, line_last, heading, vector (NULL for zero),
--       headings
SELECT c.id, c.ordinal, c.core_begin, c.core_end, c.context_begin, c.line_first, c.line_last, c.heading, v.value,
       c.headings
  FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id
 WHERE c.document = :document AND c.core_begin >= :begin
 ORDER BY c.core_begin LIMIT :limit
