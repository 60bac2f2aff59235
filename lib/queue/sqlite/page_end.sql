-- The last id of a page of jobs; no row after the last page. :after :limit  →  id
SELECT max(id) FROM (SELECT id FROM jobs WHERE id > :after ORDER BY id LIMIT :limit) HAVING count(*) > 0
