-- The page of a part that a term stands on, if it is there: twice its number, and perhaps one more.
-- :part :term (with the index's mark before it)  →  pgno
SELECT pgno FROM words_idx WHERE segid = :part AND term <= :term ORDER BY term DESC LIMIT 1
