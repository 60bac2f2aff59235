-- :now_ms  →  since when the oldest ready job waits, when the first due one was due (each NULL: none), workers, paused
SELECT (SELECT min(queued_at_ms) FROM jobs WHERE state = 'queued' AND run_at_ms IS NULL),
       (SELECT min(run_at_ms) FROM jobs WHERE state = 'queued' AND run_at_ms IS NOT NULL AND run_at_ms <= :now_ms),
       (SELECT count(*) FROM workers), paused
  FROM queue_settings
