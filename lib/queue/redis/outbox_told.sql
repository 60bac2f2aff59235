-- The queue elsewhere was told. :seq (the last of it)
DELETE FROM outbox WHERE seq <= :seq
