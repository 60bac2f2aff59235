-- One project's chunks: schema 1.
-- Ids of documents and chunks are never given twice (the next ones stand in `state`): a reader that keeps rows in memory
-- asks for ids above its last one and for the erasures since.
CREATE TABLE state(
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO state VALUES ('dimension', 0), ('next_document', 1), ('next_chunk', 1);

-- One generation of one source.
CREATE TABLE documents(
    id         INTEGER PRIMARY KEY,
    source     INTEGER NOT NULL,
    generation BLOB NOT NULL,
    name       TEXT NOT NULL,
    file_type  TEXT NOT NULL,
    language   TEXT NOT NULL,
    points     INTEGER NOT NULL,  -- ordinals 0 to points - 1 are stored
    bytes      INTEGER NOT NULL,  -- where their cores end
    cuts_words INTEGER NOT NULL   -- 1: a core ends within a word, so that word is in no chunk as a whole
);
CREATE UNIQUE INDEX documents_by_place ON documents(source, generation);
CREATE INDEX documents_cutting_words ON documents(id) WHERE cuts_words = 1;

CREATE TABLE chunks(
    id            INTEGER PRIMARY KEY,
    document      INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    core_begin    INTEGER NOT NULL,
    core_end      INTEGER NOT NULL,
    context_begin INTEGER NOT NULL,
    line_first    INTEGER NOT NULL,
    line_last     INTEGER NOT NULL,
    terms         INTEGER NOT NULL,  -- its length for BM25
    heading       TEXT NOT NULL
);
CREATE UNIQUE INDEX chunks_by_place ON chunks(document, core_begin);

-- Eight bits a dimension; none for a zero vector.
CREATE TABLE vectors(
    chunk INTEGER PRIMARY KEY,
    value BLOB NOT NULL
);

-- The text of the cores, once: zstd frames, in order.
CREATE TABLE segments(
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    begin    INTEGER NOT NULL,  -- in the document's text
    size     INTEGER NOT NULL,  -- of its decompressed bytes this many count
    content  BLOB NOT NULL
);
CREATE UNIQUE INDEX segments_by_place ON segments(document, begin);

-- What was taken away, so that rows kept in memory can be dropped. Old entries go: who missed them reads everything anew.
CREATE TABLE erasures(
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL,
    points   INTEGER NOT NULL  -- that stayed; all chunks from this ordinal on are gone
);

-- Terms as vector/index_terms.hpp makes them. Keeps no text, no lengths and no positions: `segments` and `chunks.terms`
-- have the first two, and how often a term occurs is in the terms. With positions the index has 1.7 times the size.
CREATE VIRTUAL TABLE words USING fts5(terms, content = '', columnsize = 0, detail = none, tokenize = 'packed');
