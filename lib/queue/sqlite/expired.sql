-- Running jobs whose lease ended; at most 64. :now_ms  →  id. Uses jobs_leases.
SELECT id FROM jobs WHERE state = 'running' AND lease_until_ms <= :now_ms ORDER BY lease_until_ms LIMIT 64
