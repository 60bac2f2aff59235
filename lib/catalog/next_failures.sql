-- Sources of a project that its next model could not be given. :project_id :limit  →  name, reason
SELECT s.name, n.reason FROM next_generations n JOIN sources s ON s.id = n.source_id
 WHERE n.project_id = :project_id AND n.state = 'failed' LIMIT :limit
