-- :name :next_at_ms
UPDATE periodic_jobs SET next_at_ms = :next_at_ms WHERE name = :name
