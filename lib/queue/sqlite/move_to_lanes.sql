-- A project's unfinished jobs go to its lanes. Looks at every job. :project_id
UPDATE jobs SET lane = (SELECT id FROM lanes WHERE lanes.job_type = jobs.job_type AND lanes.project_id = :project_id)
 WHERE project_id = :project_id AND state IN ('pending', 'queued', 'running', 'waiting')
