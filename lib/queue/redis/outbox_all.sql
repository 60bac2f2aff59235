-- Every pending job is to be handed over, the settings before them.
INSERT INTO outbox (action, job_id)
SELECT 'settings', NULL UNION ALL SELECT * FROM (SELECT 'enqueue', id FROM jobs WHERE state = 'pending' ORDER BY score, id)
