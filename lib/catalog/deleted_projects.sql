-- Projects whose rows are not all removed yet. :before_ms  →  id
SELECT id FROM projects WHERE deleted_at_ms < :before_ms
