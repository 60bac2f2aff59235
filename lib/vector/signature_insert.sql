-- Of the segment inserted last.
-- :document :begin :size :bits :head :tail
INSERT INTO signatures(segment, document, begin, size, bits, head, tail)
VALUES (last_insert_rowid(), :document, :begin, :size, :bits, :head, :tail)
