-- Pages of a part, in order.
-- :first :last  →  block
SELECT block FROM words_data WHERE id BETWEEN :first AND :last ORDER BY id
