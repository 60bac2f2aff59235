-- The lanes a claim may take from, none while the queue is paused. :job_types (a JSON array; NULL = all)
-- →  id, job_type, project_id (-1: those without a limit), how many more of the project may start (NULL = any number), how many
--    more of the type
SELECT l.id, l.job_type, l.project_id,
       CASE WHEN p.running_max IS NOT NULL THEN p.running_max -
           (SELECT count(*) FROM jobs WHERE state = 'running' AND project_id = l.project_id) END,
       CASE WHEN t.running_max IS NOT NULL THEN t.running_max -
           (SELECT count(*) FROM jobs WHERE state = 'running' AND job_type = l.job_type) END
  FROM lanes l LEFT JOIN project_limits p ON p.project_id = l.project_id LEFT JOIN type_limits t ON t.job_type = l.job_type
 WHERE NOT (SELECT paused FROM queue_settings)
   AND (:job_types IS NULL OR l.job_type IN (SELECT value FROM json_each(:job_types)))
