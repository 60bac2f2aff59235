-- A project's models. :project_id  →  search_model, its dimension, next_model, external_models
SELECT p.search_model, m.dimension, p.next_model, p.external_models
  FROM projects p JOIN models m ON m.model_id = p.search_model WHERE p.id = :project_id
