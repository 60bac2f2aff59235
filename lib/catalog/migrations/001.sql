-- Schema 1. Times are milliseconds since 1970 (…_ms), job, generation and blob ids are BLOBs, states are their names.

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO users VALUES (1, 'local');

CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;

-- One row a name; the latest upload's version, and the version that search sees (active_…).
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects,
    name TEXT NOT NULL,
    original_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    uploaded_by INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    processed_at_ms INTEGER,
    metadata TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    file_type TEXT NOT NULL DEFAULT '',
    content_type TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    charset TEXT NOT NULL DEFAULT '',
    replaced_bytes INTEGER NOT NULL DEFAULT 0,
    chunks INTEGER NOT NULL DEFAULT 0,
    active_version INTEGER,
    active_generation BLOB,
    text_hash BLOB,
    job_id BLOB NOT NULL,
    deleted_at_ms INTEGER,
    UNIQUE (project_id, name)
) STRICT;

CREATE TABLE source_versions (
    source_id INTEGER NOT NULL REFERENCES sources,
    version INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    uploaded_by INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (source_id, version)
) STRICT, WITHOUT ROWID;

-- What the vector store holds for a source: the active generation (retired_at_ms NULL) and those to be erased.
CREATE TABLE generations (
    source_id INTEGER NOT NULL REFERENCES sources,
    generation BLOB NOT NULL,
    version INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    retired_at_ms INTEGER,
    PRIMARY KEY (source_id, generation)
) STRICT, WITHOUT ROWID;
CREATE INDEX generations_retired ON generations (retired_at_ms) WHERE retired_at_ms IS NOT NULL;

-- The hot part of a job. `state` is that of lib/job/state_machine.hpp. `run_at_ms` is NULL once the job may run.
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    job_type TEXT NOT NULL,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    project_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    source_id INTEGER,
    parent_id BLOB,
    retry_of BLOB,
    score INTEGER NOT NULL,
    run_at_ms INTEGER,
    lease_until_ms INTEGER,
    deadline_ms INTEGER,
    worker_id TEXT NOT NULL DEFAULT '',
    epoch INTEGER NOT NULL DEFAULT 0,
    claims INTEGER NOT NULL DEFAULT 0,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries INTEGER NOT NULL,
    crash_count INTEGER NOT NULL DEFAULT 0,
    timeout_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    queued_at_ms INTEGER,
    started_at_ms INTEGER,
    completed_at_ms INTEGER,
    scheduled_at_ms INTEGER,
    progress_current INTEGER NOT NULL DEFAULT 0,
    progress_total INTEGER NOT NULL DEFAULT 0,
    progress_message TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_ready ON jobs (score, id) WHERE state = 'queued' AND run_at_ms IS NULL;
CREATE INDEX jobs_delayed ON jobs (run_at_ms) WHERE state = 'queued' AND run_at_ms IS NOT NULL;
CREATE INDEX jobs_leases ON jobs (lease_until_ms) WHERE state = 'running';
CREATE INDEX jobs_children ON jobs (parent_id, state) WHERE parent_id IS NOT NULL;
CREATE INDEX jobs_unhappy ON jobs (state, id) WHERE state IN ('failed', 'cancelled');

CREATE TABLE job_payloads (
    job_id BLOB NOT NULL PRIMARY KEY,
    job_data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job_results (
    job_id BLOB NOT NULL PRIMARY KEY,
    result_data TEXT NOT NULL,
    error_message TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Ended tries; the one under way is in the job's own row.
CREATE TABLE job_attempts (
    job_id BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    worker_id TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    error_message TEXT NOT NULL,
    PRIMARY KEY (job_id, epoch)
) STRICT, WITHOUT ROWID;

-- Numbers that never repeat: "epoch" is the newest given to a claim.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('epoch', 0);

-- How far a project's jobs have used up its share (lib/job/place.hpp).
CREATE TABLE fairness (
    project_id INTEGER PRIMARY KEY,
    fair_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    job_id BLOB,
    project_id INTEGER,
    source_id INTEGER
) STRICT;

-- Counts that every list, search and progress bar asks for, kept by triggers so that nothing can forget them.
CREATE TABLE job_counts (
    project_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (project_id, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN
    INSERT INTO job_counts VALUES (NEW.project_id, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER jobs_moved AFTER UPDATE OF state ON jobs WHEN OLD.state IS NOT NEW.state BEGIN
    UPDATE job_counts SET jobs = jobs - 1 WHERE project_id = OLD.project_id AND state = OLD.state;
    INSERT INTO job_counts VALUES (NEW.project_id, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs BEGIN
    UPDATE job_counts SET jobs = jobs - 1 WHERE project_id = OLD.project_id AND state = OLD.state;
END;

CREATE TABLE source_counts (
    project_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    sources INTEGER NOT NULL,
    replaced_bytes INTEGER NOT NULL,
    PRIMARY KEY (project_id, status)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sources_inserted AFTER INSERT ON sources BEGIN
    INSERT INTO source_counts VALUES (NEW.project_id, NEW.status, 1, NEW.replaced_bytes)
        ON CONFLICT DO UPDATE SET sources = sources + 1, replaced_bytes = replaced_bytes + excluded.replaced_bytes;
END;
CREATE TRIGGER sources_moved AFTER UPDATE OF status, replaced_bytes, deleted_at_ms ON sources BEGIN
    UPDATE source_counts SET sources = sources - 1, replaced_bytes = replaced_bytes - OLD.replaced_bytes
        WHERE project_id = OLD.project_id AND status = OLD.status AND OLD.deleted_at_ms IS NULL;
    INSERT INTO source_counts SELECT NEW.project_id, NEW.status, 1, NEW.replaced_bytes WHERE NEW.deleted_at_ms IS NULL
        ON CONFLICT DO UPDATE SET sources = sources + 1, replaced_bytes = replaced_bytes + excluded.replaced_bytes;
END;

-- The columns that lib/catalog/jobs.cpp reads, in its order.
CREATE VIEW whole_jobs AS
SELECT j.id, j.job_type, j.state, j.priority, j.project_id, j.user_id, j.source_id, j.parent_id, j.retry_of,
       coalesce(p.job_data, '{}') AS job_data, coalesce(r.result_data, '') AS result_data,
       coalesce(r.error_message, '') AS error_message,
       j.created_at_ms, j.queued_at_ms, j.started_at_ms, j.completed_at_ms, j.scheduled_at_ms,
       j.progress_current, j.progress_total, j.progress_message,
       j.worker_id, j.retry_count, j.max_retries, j.timeout_ms, j.epoch
  FROM jobs j LEFT JOIN job_payloads p ON p.job_id = j.id LEFT JOIN job_results r ON r.job_id = j.id;

-- The columns that lib/catalog/sources.cpp reads, in its order.
CREATE VIEW live_sources AS
SELECT id, project_id, name, original_name, version, content_hash, size_bytes, file_type, content_type, language, charset,
       replaced_bytes, uploaded_by, created_at_ms, updated_at_ms, metadata, status, reason, chunks, active_version,
       active_generation, job_id, text_hash
  FROM sources WHERE deleted_at_ms IS NULL;
