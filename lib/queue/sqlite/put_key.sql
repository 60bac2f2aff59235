-- :user_id :route :key :fingerprint :reply :forgotten_at_ms
INSERT OR REPLACE INTO idempotency_keys VALUES (:user_id, :route, :key, :fingerprint, :reply, :forgotten_at_ms)
