-- :job_type :running_max
INSERT INTO type_limits VALUES (:job_type, :running_max) ON CONFLICT DO UPDATE SET running_max = excluded.running_max
