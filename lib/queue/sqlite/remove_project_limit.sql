-- Its jobs stay in their lanes, which no longer have a limit. :project_id
DELETE FROM project_limits WHERE project_id = :project_id
