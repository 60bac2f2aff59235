-- :chunk :value
INSERT INTO vectors(chunk, value) VALUES (:chunk, :value)
