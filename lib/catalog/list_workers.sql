-- Who claims, by name.  →  worker_id, joined_at_ms, the leases it holds. Uses jobs_leases, once.
SELECT w.worker_id, w.joined_at_ms, coalesce(r.jobs, 0)
  FROM workers w
  LEFT JOIN (SELECT worker_id, count(*) AS jobs FROM jobs WHERE state = 'running' GROUP BY worker_id) r
    ON r.worker_id = w.worker_id
 ORDER BY w.worker_id
