-- Schema 2: which triples of bytes each segment's text may hold (vector/signature.hpp), so that a search for characters
-- reads few of the texts. Every segment has a row; an empty signature says nothing.
CREATE TABLE signatures(
    segment  INTEGER PRIMARY KEY,  -- a document's in its text's order
    document INTEGER NOT NULL,
    begin    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    bits     BLOB NOT NULL
);
INSERT INTO signatures SELECT id, document, begin, size, x'' FROM segments;

CREATE TRIGGER segment_goes AFTER DELETE ON segments BEGIN
    DELETE FROM signatures WHERE segment = old.id;
END;
CREATE TRIGGER segment_is_cut AFTER UPDATE OF size ON segments BEGIN
    UPDATE signatures SET size = new.size WHERE segment = new.id;
END;
