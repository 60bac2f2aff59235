-- :paused
UPDATE queue_settings SET paused = :paused
