-- :active :incarnation
UPDATE queue_elsewhere SET active = :active, incarnation = :incarnation
