-- :id  →  document, ordinal, core_begin, core_end, context_begin, line_first, line_last, heading, headings
SELECT document, ordinal, core_begin, core_end, context_begin, line_first, line_last, heading, headings
  FROM chunks WHERE id = :id
