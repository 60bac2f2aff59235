-- Every document, in the order of generations().
-- →  id, source, generation, name, file_type, language
SELECT id, source, generation, name, file_type, language FROM documents ORDER BY source, generation
