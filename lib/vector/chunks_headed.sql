-- Chunks that have a heading, or parts that have.
-- →  id, heading, headings; by id
SELECT id, heading, headings FROM chunks WHERE heading <> '' OR headings <> '' ORDER BY id
