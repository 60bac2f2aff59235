-- The model whose vectors are made now.  →  model_id, dimension, setting, resolved
SELECT model_id, dimension, setting, resolved FROM models WHERE is_wanted = 1
