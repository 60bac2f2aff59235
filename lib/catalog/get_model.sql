-- :model_id  →  model_id, dimension, setting, resolved
SELECT model_id, dimension, setting, resolved FROM models WHERE model_id = :model_id
