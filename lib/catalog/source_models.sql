-- The models of a source's project. :source_id  →  search_model, its dimension, next_model
SELECT p.search_model, m.dimension, p.next_model
  FROM sources s JOIN projects p ON p.id = s.project_id JOIN models m ON m.model_id = p.search_model WHERE s.id = :source_id
