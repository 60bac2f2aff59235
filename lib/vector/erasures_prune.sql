-- Keeps the newest.
-- :keep
DELETE FROM erasures WHERE id <= (SELECT max(id) FROM erasures) - :keep
