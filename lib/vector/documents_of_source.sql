-- Every generation of one source.
-- :source  →  id, source, generation, name, file_type, language
SELECT id, source, generation, name, file_type, language FROM documents WHERE source = :source ORDER BY generation
