-- Jobs that make what is about to be given up. :project_id  →  job_id
SELECT job_id FROM next_generations WHERE project_id = :project_id AND state = 'waiting'
