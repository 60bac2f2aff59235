-- A part of a document's text.
-- :document :first :last (begins of segments)  →  begin, size, content; in order
SELECT begin, size, content FROM segments WHERE document = :document AND begin BETWEEN :first AND :last ORDER BY begin
