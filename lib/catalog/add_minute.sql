-- :at_ms :queued :completed :failed :cancelled
INSERT INTO queue_minutes VALUES (:at_ms, :queued, :completed, :failed, :cancelled)
ON CONFLICT DO UPDATE SET queued = queued + excluded.queued, completed = completed + excluded.completed,
                          failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled
