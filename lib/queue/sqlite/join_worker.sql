-- :worker_id :process :now_ms
INSERT OR REPLACE INTO workers VALUES (:worker_id, :process, :now_ms)
