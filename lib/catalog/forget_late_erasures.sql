-- :before_ms
DELETE FROM late_erasures WHERE since_ms < :before_ms
