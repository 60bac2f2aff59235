-- :key  →  value
SELECT value FROM vectors WHERE key = :key
