-- The model that a setting was found to mean. :setting  →  model_id, dimension, setting, resolved
SELECT model_id, dimension, setting, resolved FROM models WHERE setting = :setting LIMIT 1
