-- :job_id :job_data
INSERT INTO job_payloads VALUES (:job_id, :job_data)
