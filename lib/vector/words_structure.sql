-- Where the index's parts lie, in FTS5's own form.
-- →  block
SELECT block FROM words_data WHERE id = 10
