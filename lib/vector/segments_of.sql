-- A document's text.
-- :document  →  begin, size, content; in order
SELECT begin, size, content FROM segments WHERE document = :document ORDER BY begin
