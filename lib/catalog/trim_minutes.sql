-- :before_ms
DELETE FROM queue_minutes WHERE at_ms < :before_ms
