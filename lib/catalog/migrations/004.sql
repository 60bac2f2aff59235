-- Schema 4: deleting projects, and what workers write of deleted things before they learn of it.

-- Set while the project's rows are being removed. Its name is free by then: it has one that no project can be given.
ALTER TABLE projects ADD COLUMN deleted_at_ms INTEGER;

-- Whose chunks a worker may still be writing. source_id 0: those of the whole project.
CREATE TABLE late_erasures (
    project_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, source_id)
) STRICT, WITHOUT ROWID;
