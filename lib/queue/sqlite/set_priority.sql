-- :id :priority :score_change
UPDATE jobs SET priority = :priority, score = score + :score_change WHERE id = :id
