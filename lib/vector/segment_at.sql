-- The segment that holds a byte.
-- :document :at  →  begin, size, content
SELECT begin, size, content FROM segments WHERE document = :document AND begin <= :at ORDER BY begin DESC LIMIT 1
