-- When a claim could find something: 0 = now, else the next due time, lease end or periodic job; 1 << 62 = nothing is on its
-- way.  →  ms
SELECT CASE WHEN NOT (SELECT paused FROM queue_settings)
                 AND EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND run_at_ms IS NULL) THEN 0
            ELSE min(coalesce((SELECT min(run_at_ms) FROM jobs WHERE state = 'queued' AND run_at_ms IS NOT NULL), 1 << 62),
                     coalesce((SELECT min(lease_until_ms) FROM jobs WHERE state = 'running'), 1 << 62),
                     coalesce((SELECT min(next_at_ms) FROM periodic_jobs), 1 << 62)) END
