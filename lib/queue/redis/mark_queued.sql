-- A pending job was handed over. :id :now_ms
UPDATE jobs SET state = 'queued', queued_at_ms = :now_ms WHERE id = :id AND state = 'pending'
