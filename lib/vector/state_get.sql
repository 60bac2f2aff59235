-- A number of the file: dimension, next_document, next_chunk.
-- :name  →  value
SELECT value FROM state WHERE name = :name
