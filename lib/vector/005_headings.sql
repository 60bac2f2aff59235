-- Schema 5: what a chunk's parts stand under (vector/headings.hpp). Empty: `heading` holds for it all, or it is not known.
ALTER TABLE chunks ADD COLUMN headings TEXT NOT NULL DEFAULT '';
