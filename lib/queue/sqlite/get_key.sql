-- :user_id :route :key :now_ms  →  fingerprint, reply
SELECT fingerprint, reply FROM idempotency_keys
 WHERE user_id = :user_id AND route = :route AND key = :key AND forgotten_at_ms > :now_ms
