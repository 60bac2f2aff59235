-- Says what is stored of a document now.
-- :id :points :bytes :cuts_words (1 sets the mark, 0 leaves it)
UPDATE documents SET points = :points, bytes = :bytes, cuts_words = max(cuts_words, :cuts_words) WHERE id = :id
