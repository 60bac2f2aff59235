-- :model_id
UPDATE models SET is_wanted = (model_id = :model_id) WHERE is_wanted <> (model_id = :model_id)
