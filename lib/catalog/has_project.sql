-- Whether there is such a project, and it is not being deleted. :id  →  a row, or none
SELECT 1 FROM projects WHERE id = :id AND deleted_at_ms IS NULL
