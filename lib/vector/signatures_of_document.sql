-- A document's, without a look at its texts.
-- :document  →  document, begin, size, bits; in order
SELECT signatures.document, signatures.begin, signatures.size, signatures.bits
FROM segments INDEXED BY segments_by_place JOIN signatures ON signatures.segment = segments.id
WHERE segments.document = :document ORDER BY segments.begin
