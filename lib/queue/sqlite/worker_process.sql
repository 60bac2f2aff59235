-- :worker_id  →  process
SELECT process FROM workers WHERE worker_id = :worker_id
