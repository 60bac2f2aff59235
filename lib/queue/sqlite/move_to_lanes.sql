-- Unfinished jobs of a project go to its lanes, those of a page of ids. :project_id :after :last
UPDATE jobs SET lane = (SELECT id FROM lanes WHERE lanes.job_type = jobs.job_type AND lanes.project_id = :project_id)
 WHERE id > :after AND id <= :last AND project_id = :project_id AND state IN ('pending', 'queued', 'running', 'waiting')
