-- What is known of a model. :model_id :dimension :setting :resolved
INSERT INTO models VALUES (:model_id, :dimension, :setting, :resolved, 0)
ON CONFLICT DO UPDATE SET dimension = excluded.dimension, setting = excluded.setting, resolved = excluded.resolved
