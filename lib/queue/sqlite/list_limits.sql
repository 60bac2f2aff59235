-- →  project_id, job_type (one of them NULL), running_max
SELECT project_id, NULL, running_max FROM project_limits
UNION ALL SELECT NULL, job_type, running_max FROM type_limits
