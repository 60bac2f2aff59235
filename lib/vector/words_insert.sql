-- Terms made by vector/index_terms.hpp.
-- :chunk :terms
INSERT INTO words(rowid, terms) VALUES (:chunk, :terms)
