-- Out of every list at once; its name can be given again. :id :now_ms  →  1, or no row: there is no such project
UPDATE projects SET name = char(1) || id, deleted_at_ms = :now_ms WHERE id = :id AND deleted_at_ms IS NULL
RETURNING 1
