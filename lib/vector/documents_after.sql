-- Documents to keep in memory: those above an id.
-- :after  →  id, source, generation, name, file_type, language
SELECT id, source, generation, name, file_type, language FROM documents WHERE id > :after ORDER BY id
