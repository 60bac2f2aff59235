-- What a project's next model has of a source, unless search sees a newer version by now or it has a newer one.
-- :source_id :model_id :version :generation :chunks :text_hash  →  1, or no row
INSERT INTO next_generations (source_id, project_id, model_id, version, state, generation, chunks, text_hash)
SELECT id, project_id, :model_id, :version, 'made', :generation, :chunks, :text_hash FROM sources
 WHERE id = :source_id AND deleted_at_ms IS NULL AND :version >= coalesce(active_version, 0)
ON CONFLICT DO UPDATE
   SET model_id = excluded.model_id, version = excluded.version, state = 'made', job_id = NULL,
       generation = excluded.generation, chunks = excluded.chunks, text_hash = excluded.text_hash, reason = ''
 WHERE excluded.version >= version
RETURNING 1
