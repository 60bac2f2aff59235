-- Of the segment inserted last.
-- :document :begin :size :bits
INSERT INTO signatures(segment, document, begin, size, bits) VALUES (last_insert_rowid(), :document, :begin, :size, :bits)
