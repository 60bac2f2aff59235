-- Of a part of a document's text, without a look at the text.
-- :document :first :last (begins of segments)  →  document, begin, size, bits, head, tail; in order
SELECT signatures.document, signatures.begin, signatures.size, signatures.bits, signatures.head, signatures.tail
FROM segments INDEXED BY segments_by_place JOIN signatures ON signatures.segment = segments.id
WHERE segments.document = :document AND segments.begin BETWEEN :first AND :last ORDER BY segments.begin
