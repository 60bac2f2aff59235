-- One that is there stays. :key :value
INSERT INTO vectors (key, value) VALUES (:key, :value) ON CONFLICT DO NOTHING
