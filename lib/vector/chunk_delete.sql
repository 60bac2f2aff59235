-- :id
DELETE FROM chunks WHERE id = :id
