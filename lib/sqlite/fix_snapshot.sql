-- Begins the read of a transaction: BEGIN alone does not fix the moment.
SELECT 1 FROM sqlite_schema LIMIT 1
