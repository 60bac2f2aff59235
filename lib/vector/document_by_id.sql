-- :id  →  id, source, generation, name, file_type, language
SELECT id, source, generation, name, file_type, language FROM documents WHERE id = :id
