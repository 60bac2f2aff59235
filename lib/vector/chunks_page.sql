-- Chunks of a document by ordinal, which counts cores in order; the place is looked up in the index alone.
-- :document :first :limit  →  ordinal, core_begin, core_end, line_first, line_last, heading
SELECT ordinal, core_begin, core_end, line_first, line_last, heading FROM chunks
 WHERE document = :document
   AND core_begin >= (SELECT core_begin FROM chunks WHERE document = :document ORDER BY core_begin LIMIT 1 OFFSET :first)
 ORDER BY core_begin LIMIT :limit
