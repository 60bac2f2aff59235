-- How many sources stand where. :project_id  →  status, sources, replaced_bytes
SELECT status, sources, replaced_bytes FROM source_counts WHERE project_id = :project_id
