-- What a new job's place depends on. :project_id :job_type
-- →  urgent_ms, high_ms, normal_ms, low_ms, share_ms, the project's fair_ms (NULL: it never had a job), its lane (NULL: none yet)
SELECT urgent_ms, high_ms, normal_ms, low_ms, share_ms,
       (SELECT fair_ms FROM fairness WHERE project_id = :project_id),
       (SELECT id FROM lanes WHERE job_type = :job_type
           AND project_id = coalesce((SELECT project_id FROM project_limits WHERE project_id = :project_id), -1))
  FROM queue_settings
