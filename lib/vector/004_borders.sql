-- Schema 4: how each segment's text begins and ends, so that few of two neighbours are read for what may begin in one and end
-- in the other. Empty: not known.
ALTER TABLE signatures ADD COLUMN head BLOB NOT NULL DEFAULT x'';
ALTER TABLE signatures ADD COLUMN tail BLOB NOT NULL DEFAULT x'';

DROP TRIGGER segment_is_cut;
CREATE TRIGGER segment_is_cut AFTER UPDATE OF size ON segments BEGIN
    UPDATE signatures SET size = new.size, tail = x'' WHERE segment = new.id;
END;
