-- Search sees what the next model has. :project_id
UPDATE sources
   SET active_version = n.version, active_generation = n.generation, text_hash = n.text_hash, chunks = n.chunks
  FROM next_generations n
 WHERE n.source_id = sources.id AND n.project_id = :project_id AND n.state = 'made' AND sources.deleted_at_ms IS NULL
   AND n.version >= coalesce(sources.active_version, 0)
