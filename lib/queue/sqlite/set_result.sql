-- :job_id :result_data :error_message
INSERT INTO job_results VALUES (:job_id, :result_data, :error_message)
ON CONFLICT DO UPDATE SET result_data = excluded.result_data, error_message = excluded.error_message
