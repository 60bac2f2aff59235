-- Projects that have another model than the wanted one begin to change, those that were about to leave it stay.
-- :model_id  →  id of each that is concerned
UPDATE projects SET next_model = iif(search_model = :model_id, NULL, :model_id)
 WHERE next_model IS NOT iif(search_model = :model_id, NULL, :model_id)
RETURNING id
