-- Documents whose words cannot all be found in the index.
-- →  id
-- Uses index documents_cutting_words.
SELECT id FROM documents WHERE cuts_words = 1
