-- Schema 6: models. A project's vectors are of one model, which search uses; while another takes its place, what is made for
-- that one waits in next_generations until it is complete.

-- setting: how a person named it (the URL of its server), empty = a program brought it. resolved: the same with all that was
-- found out. is_wanted: the one whose vectors are made now.
CREATE TABLE models (
    model_id TEXT NOT NULL PRIMARY KEY,
    dimension INTEGER NOT NULL,
    setting TEXT NOT NULL,
    resolved TEXT NOT NULL,
    is_wanted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO models VALUES ('builtin-hash-1', 384, 'builtin', 'builtin', 1);

-- search_model: of the active generations. next_model: that takes its place; NULL = none.
ALTER TABLE projects ADD COLUMN search_model TEXT NOT NULL DEFAULT 'builtin-hash-1';
ALTER TABLE projects ADD COLUMN next_model TEXT;

ALTER TABLE generations ADD COLUMN model_id TEXT NOT NULL DEFAULT 'builtin-hash-1';

-- What a project's next model has of a source. state: waiting (job_id makes it), made, failed (of that version; a newer one
-- begins anew). generation is NULL where there is nothing to search.
CREATE TABLE next_generations (
    source_id INTEGER NOT NULL PRIMARY KEY REFERENCES sources,
    project_id INTEGER NOT NULL,
    model_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    job_id BLOB,
    generation BLOB,
    chunks INTEGER NOT NULL DEFAULT 0,
    text_hash BLOB,
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX next_generations_by_state ON next_generations (project_id, state);
