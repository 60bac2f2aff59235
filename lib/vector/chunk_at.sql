-- The chunk whose core holds a byte.
-- :document :at  →  ordinal, core_begin, core_end, line_first, line_last, heading, headings
SELECT ordinal, core_begin, core_end, line_first, line_last, heading, headings
  FROM chunks WHERE document = :document AND core_begin <= :at
 ORDER BY core_begin DESC LIMIT 1
