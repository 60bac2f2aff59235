-- Makes due jobs ready; at most 64. :now_ms. Uses jobs_delayed.
UPDATE jobs SET queued_at_ms = max(queued_at_ms, run_at_ms), run_at_ms = NULL
 WHERE id IN (SELECT id FROM jobs WHERE state = 'queued' AND run_at_ms IS NOT NULL AND run_at_ms <= :now_ms
               ORDER BY run_at_ms LIMIT 64)
