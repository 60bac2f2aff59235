-- What waits. :now_ms  →  priority, jobs that may run, jobs scheduled for later, when the oldest of the former came
SELECT priority, sum(coalesce(run_at_ms, 0) <= :now_ms), sum(coalesce(run_at_ms, 0) > :now_ms),
       min(CASE WHEN coalesce(run_at_ms, 0) <= :now_ms THEN max(coalesce(queued_at_ms, 0), coalesce(run_at_ms, 0)) END)
  FROM jobs WHERE state = 'queued' GROUP BY priority
