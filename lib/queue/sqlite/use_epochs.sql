-- :count were given to claims.
UPDATE counters SET value = value + :count WHERE name = 'epoch'
