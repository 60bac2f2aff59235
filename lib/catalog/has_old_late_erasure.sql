-- Whether forget_late_erasures would find any. :before_ms  →  a row, or none
SELECT 1 FROM late_erasures WHERE since_ms < :before_ms LIMIT 1
