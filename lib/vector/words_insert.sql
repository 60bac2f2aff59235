-- Terms packed by Analyzer::pack_terms.
-- :chunk :text :header
INSERT INTO words(rowid, text, header) VALUES (:chunk, :text, :header)
