-- When a claim could find something: 0 = now, else the next due time or lease end, NULL = nothing is on its way.
-- →  ms
SELECT CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND run_at_ms IS NULL) THEN 0
            ELSE min(coalesce((SELECT min(run_at_ms) FROM jobs WHERE state = 'queued' AND run_at_ms IS NOT NULL), 1 << 62),
                     coalesce((SELECT min(lease_until_ms) FROM jobs WHERE state = 'running'), 1 << 62)) END
