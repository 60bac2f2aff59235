-- Its latest version was processed for no model that is in use. :source_id :version :reason :now_ms
UPDATE sources SET status = 'failed', reason = :reason, processed_at_ms = :now_ms
 WHERE id = :source_id AND version = :version AND status = 'pending'
