-- One job. :id  →  the columns of whole_jobs
SELECT * FROM whole_jobs WHERE id = :id
