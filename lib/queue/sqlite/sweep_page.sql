-- Jobs by id, to be looked at for their retention. :after :limit  →  id, state, completed_at_ms, whether its batch is still kept
SELECT j.id, j.state, j.completed_at_ms, EXISTS (SELECT 1 FROM jobs p WHERE p.id = j.parent_id)
  FROM jobs j WHERE j.id > :after ORDER BY j.id LIMIT :limit
