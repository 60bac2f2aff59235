-- :worker_id :process
DELETE FROM workers WHERE worker_id = :worker_id AND process = :process
