-- :from_ms  →  at_ms, queued, completed, failed, cancelled
SELECT at_ms, queued, completed, failed, cancelled FROM queue_minutes WHERE at_ms >= :from_ms
