-- The last chunks of a document from a place on, last first.
-- :document :begin :limit  →  id, ordinal, core_begin, core_end, context_begin, heading, headings
SELECT id, ordinal, core_begin, core_end, context_begin, heading, headings
  FROM chunks WHERE document = :document AND core_begin >= :begin
 ORDER BY core_begin DESC LIMIT :limit
