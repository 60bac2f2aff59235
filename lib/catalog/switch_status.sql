-- Sources whose latest version only the next model had. :project_id
UPDATE sources SET status = iif(active_generation IS NULL, 'unsupported', 'searchable')
 WHERE status = 'pending' AND active_version = version AND deleted_at_ms IS NULL
   AND id IN (SELECT source_id FROM next_generations WHERE project_id = :project_id AND state = 'made')
