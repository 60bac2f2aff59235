-- FTS5's way to forget a row it kept no text of: the very terms it was given.
-- :chunk :text :header
INSERT INTO words(words, rowid, text, header) VALUES ('delete', :chunk, :text, :header)
