-- FTS5's way to forget a row it kept no text of: the very terms it was given.
-- :chunk :terms
INSERT INTO words(words, rowid, terms) VALUES ('delete', :chunk, :terms)
