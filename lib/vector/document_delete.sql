-- :id
DELETE FROM documents WHERE id = :id
