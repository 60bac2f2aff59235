-- A setting of the index, kept in the file.
-- :name :value
INSERT INTO words(words, rank) VALUES (:name, :value)
