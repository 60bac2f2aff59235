-- :id  →  document, ordinal, core_begin, core_end, context_begin, line_first, line_last, heading
SELECT document, ordinal, core_begin, core_end, context_begin, line_first, line_last, heading
  FROM chunks WHERE id = :id
