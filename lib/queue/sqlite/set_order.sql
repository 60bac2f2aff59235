-- :urgent_ms :high_ms :normal_ms :low_ms :share_ms
UPDATE queue_settings SET urgent_ms = :urgent_ms, high_ms = :high_ms, normal_ms = :normal_ms, low_ms = :low_ms,
       share_ms = :share_ms
