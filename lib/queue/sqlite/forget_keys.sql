-- At most 64. :now_ms
DELETE FROM idempotency_keys
 WHERE (user_id, route, key) IN (SELECT user_id, route, key FROM idempotency_keys WHERE forgotten_at_ms <= :now_ms LIMIT 64)
