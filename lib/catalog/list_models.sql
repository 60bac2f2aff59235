-- →  model_id, dimension, setting, resolved
SELECT model_id, dimension, setting, resolved FROM models ORDER BY model_id
