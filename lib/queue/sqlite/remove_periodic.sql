-- :name
DELETE FROM periodic_jobs WHERE name = :name
