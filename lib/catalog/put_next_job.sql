-- A job is to make it. :source_id :project_id :model_id :version :job_id
INSERT INTO next_generations (source_id, project_id, model_id, version, state, job_id)
VALUES (:source_id, :project_id, :model_id, :version, 'waiting', :job_id)
ON CONFLICT DO UPDATE
   SET model_id = excluded.model_id, version = excluded.version, state = 'waiting', job_id = excluded.job_id, reason = ''
