-- :chunk
DELETE FROM vectors WHERE chunk = :chunk
