-- Whether a job was tried again. :id  →  a row, or none. Uses jobs_retries.
SELECT 1 FROM jobs WHERE retry_of = :id LIMIT 1
