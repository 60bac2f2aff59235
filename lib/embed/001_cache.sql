-- Embeddings by (model, text): schema 1. Ids say which came first. `value` is 32-bit floats as this machine has them.
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,
    value BLOB NOT NULL
) STRICT;

-- How many bytes all values have, kept by triggers.
CREATE TABLE size (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    bytes INTEGER NOT NULL
) STRICT;
INSERT INTO size VALUES (1, 0);
CREATE TRIGGER vectors_inserted AFTER INSERT ON vectors BEGIN
    UPDATE size SET bytes = bytes + length(NEW.value);
END;
CREATE TRIGGER vectors_deleted AFTER DELETE ON vectors BEGIN
    UPDATE size SET bytes = bytes - length(OLD.value);
END;
