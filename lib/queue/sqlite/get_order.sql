-- The settings.  →  paused, urgent_ms, high_ms, normal_ms, low_ms, share_ms
SELECT paused, urgent_ms, high_ms, normal_ms, low_ms, share_ms FROM queue_settings
