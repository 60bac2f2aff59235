-- Chunks that have a heading.
-- →  id, heading; by id
SELECT id, heading FROM chunks WHERE heading <> '' ORDER BY id
