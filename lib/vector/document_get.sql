-- One generation of one source.
-- :source :generation  →  id, points, bytes; no row when nothing is stored
SELECT id, points, bytes FROM documents WHERE source = :source AND generation = :generation
