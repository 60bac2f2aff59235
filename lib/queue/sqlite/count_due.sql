-- Scheduled jobs whose time has come. :now_ms :limit  →  priority, jobs. Uses jobs_delayed.
SELECT priority, count(*)
  FROM (SELECT priority FROM jobs WHERE state = 'queued' AND run_at_ms IS NOT NULL AND run_at_ms <= :now_ms LIMIT :limit)
 GROUP BY priority
