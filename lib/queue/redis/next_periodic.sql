-- When the next periodic job is due.  →  ms, NULL: never
SELECT min(next_at_ms) FROM periodic_jobs
