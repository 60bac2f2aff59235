-- The models of a source's project. :source_id  →  search_model, its dimension, next_model, external_models
SELECT p.search_model, m.dimension, p.next_model, p.external_models
  FROM sources s JOIN projects p ON p.id = s.project_id JOIN models m ON m.model_id = p.search_model WHERE s.id = :source_id
