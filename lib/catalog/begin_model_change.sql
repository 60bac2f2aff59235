-- Projects that have another model than they are to have begin to change, those that were about to leave it stay. They are to have
-- the wanted one; those that deny models elsewhere the built-in one.
-- :project_id (NULL = all)  →  id of each that is concerned
UPDATE projects SET next_model = nullif(its.model_id, search_model)
  FROM (SELECT p.id AS project_id, iif(p.external_models = 'denied', 'builtin-hash-1', m.model_id) AS model_id
          FROM projects p JOIN models m ON m.is_wanted = 1) AS its
 WHERE projects.id = its.project_id AND (:project_id IS NULL OR projects.id = :project_id)
   AND next_model IS NOT nullif(its.model_id, search_model)
RETURNING id
