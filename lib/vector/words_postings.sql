-- Fills the collector (vector/fts5.hpp) with the rows that hold a term.
-- :collector :term (as an FTS5 string, or one with a * behind)  →  one row when there are any
SELECT collect_rows(words, :collector) FROM words WHERE words MATCH :term LIMIT 1
