-- :source_id
DELETE FROM next_generations WHERE source_id = :source_id
