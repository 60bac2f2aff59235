-- All generations behind one place.
-- :source :generation :limit  →  source, generation
SELECT source, generation FROM documents
 WHERE (source, generation) > (:source, :generation)
 ORDER BY source, generation LIMIT :limit
