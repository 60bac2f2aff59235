-- :project_id
DELETE FROM source_counts WHERE project_id = :project_id
