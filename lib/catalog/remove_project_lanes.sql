-- Its lanes, once no job stands in them. :project_id
DELETE FROM lanes WHERE project_id = :project_id
   AND NOT EXISTS (SELECT 1 FROM job_counts WHERE project_id = :project_id AND jobs > 0)
