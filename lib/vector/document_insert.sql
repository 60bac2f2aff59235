-- An empty document.
-- :id :source :generation :name :file_type :language
INSERT INTO documents(id, source, generation, name, file_type, language, points, bytes, cuts_words)
VALUES (:id, :source, :generation, :name, :file_type, :language, 0, 0, 0)
