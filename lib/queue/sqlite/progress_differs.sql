-- Whether a beat that renews its lease changes the job's progress.
-- :id :epoch :worker_id :progress_current :progress_total :progress_message  →  project_id, source_id, or no row
SELECT project_id, source_id FROM jobs
 WHERE id = :id AND epoch = :epoch AND worker_id = :worker_id AND state = 'running'
   AND (progress_current IS NOT :progress_current OR progress_total IS NOT :progress_total
        OR progress_message IS NOT :progress_message)
