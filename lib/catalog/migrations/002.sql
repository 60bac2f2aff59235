-- Schema 2: the queue's settings, limits, lanes, periodic jobs, idempotency keys, workers and retention.

-- One row. The head starts and the share are those of lib/job/place.hpp.
CREATE TABLE queue_settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    paused INTEGER NOT NULL,
    urgent_ms INTEGER NOT NULL,
    high_ms INTEGER NOT NULL,
    normal_ms INTEGER NOT NULL,
    low_ms INTEGER NOT NULL,
    share_ms INTEGER NOT NULL
) STRICT;
INSERT INTO queue_settings VALUES (1, 0, 86400000, 3600000, 0, -3600000, 20);

CREATE TABLE project_limits (
    project_id INTEGER PRIMARY KEY,
    running_max INTEGER NOT NULL
) STRICT;
CREATE TABLE type_limits (
    job_type TEXT NOT NULL PRIMARY KEY,
    running_max INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Ready jobs stand in lanes: one a job type, and one more a type for each project that has a limit of its own. A claim looks
-- at the heads of the lanes it may take from, so no number of jobs it may not take costs it anything.
CREATE TABLE lanes (
    id INTEGER PRIMARY KEY,
    job_type TEXT NOT NULL,
    project_id INTEGER NOT NULL,  -- -1: all projects without a limit
    UNIQUE (job_type, project_id)
) STRICT;
ALTER TABLE jobs ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
INSERT INTO lanes (job_type, project_id) SELECT DISTINCT job_type, -1 FROM jobs;
UPDATE jobs SET lane = (SELECT id FROM lanes WHERE lanes.job_type = jobs.job_type)
 WHERE state IN ('pending', 'queued', 'running', 'waiting');

DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (lane, score, id) WHERE state = 'queued' AND run_at_ms IS NULL AND crash_count < 2;
-- Jobs whose workers died twice: they run alone (lib/queue/pick.hpp).
CREATE INDEX jobs_suspect ON jobs (score, id) WHERE crash_count >= 2 AND state IN ('queued', 'running');
CREATE INDEX jobs_oldest ON jobs (queued_at_ms) WHERE state = 'queued' AND run_at_ms IS NULL;
CREATE INDEX jobs_retries ON jobs (retry_of) WHERE retry_of IS NOT NULL;

CREATE TABLE reservations (
    job_id BLOB NOT NULL PRIMARY KEY,
    worker_id TEXT NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE periodic_jobs (
    name TEXT NOT NULL PRIMARY KEY,
    cron TEXT NOT NULL,
    next_at_ms INTEGER,  -- NULL: never
    job_type TEXT NOT NULL,
    priority TEXT NOT NULL,
    project_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    source_id INTEGER,
    job_data TEXT NOT NULL,
    max_retries INTEGER NOT NULL,
    timeout_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `reply` is the jobs' ids, 16 bytes each.
CREATE TABLE idempotency_keys (
    user_id INTEGER NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reply BLOB NOT NULL,
    forgotten_at_ms INTEGER NOT NULL,
    PRIMARY KEY (user_id, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_old ON idempotency_keys (forgotten_at_ms);

-- Who claims; `process` is its name in run/, where a held lock shows that it lives.
CREATE TABLE workers (
    worker_id TEXT NOT NULL PRIMARY KEY,
    process TEXT NOT NULL,
    joined_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The counts, by priority too. A queued job that waits for its time counts as "scheduled".
DROP TRIGGER jobs_inserted;
DROP TRIGGER jobs_moved;
DROP TRIGGER jobs_deleted;
DROP TABLE job_counts;
CREATE TABLE job_counts (
    project_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (project_id, state, priority)
) STRICT, WITHOUT ROWID;
INSERT INTO job_counts
SELECT project_id, CASE WHEN state = 'queued' AND run_at_ms IS NOT NULL THEN 'scheduled' ELSE state END, priority, count(*)
  FROM jobs GROUP BY 1, 2, 3;
CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN
    INSERT INTO job_counts
    VALUES (NEW.project_id, CASE WHEN NEW.state = 'queued' AND NEW.run_at_ms IS NOT NULL THEN 'scheduled' ELSE NEW.state END,
            NEW.priority, 1)
    ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER jobs_moved AFTER UPDATE OF state, run_at_ms, priority ON jobs
WHEN OLD.state IS NOT NEW.state OR (OLD.run_at_ms IS NULL) IS NOT (NEW.run_at_ms IS NULL)
  OR OLD.priority IS NOT NEW.priority BEGIN
    UPDATE job_counts SET jobs = jobs - 1
     WHERE project_id = OLD.project_id AND priority = OLD.priority
       AND state = CASE WHEN OLD.state = 'queued' AND OLD.run_at_ms IS NOT NULL THEN 'scheduled' ELSE OLD.state END;
    INSERT INTO job_counts
    VALUES (NEW.project_id, CASE WHEN NEW.state = 'queued' AND NEW.run_at_ms IS NOT NULL THEN 'scheduled' ELSE NEW.state END,
            NEW.priority, 1)
    ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs BEGIN
    UPDATE job_counts SET jobs = jobs - 1
     WHERE project_id = OLD.project_id AND priority = OLD.priority
       AND state = CASE WHEN OLD.state = 'queued' AND OLD.run_at_ms IS NOT NULL THEN 'scheduled' ELSE OLD.state END;
END;

-- A completed job without a row in job_results has the result {}.
DROP VIEW whole_jobs;
CREATE VIEW whole_jobs AS
SELECT j.id, j.job_type, j.state, j.priority, j.project_id, j.user_id, j.source_id, j.parent_id, j.retry_of,
       coalesce(p.job_data, '{}') AS job_data,
       coalesce(r.result_data, CASE j.state WHEN 'completed' THEN '{}' ELSE '' END) AS result_data,
       coalesce(r.error_message, '') AS error_message,
       j.created_at_ms, j.queued_at_ms, j.started_at_ms, j.completed_at_ms, j.scheduled_at_ms,
       j.progress_current, j.progress_total, j.progress_message,
       j.worker_id, j.retry_count, j.max_retries, j.timeout_ms, j.epoch
  FROM jobs j LEFT JOIN job_payloads p ON p.job_id = j.id LEFT JOIN job_results r ON r.job_id = j.id;
