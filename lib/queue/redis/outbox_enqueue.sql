-- :id
INSERT INTO outbox (action, job_id) VALUES ('enqueue', :id)
