-- Schema 3: counts of jobs by user too, with how long the completed ones ran; and what the queue did, by the minute.

DROP TRIGGER jobs_inserted;
DROP TRIGGER jobs_moved;
DROP TRIGGER jobs_deleted;
DROP TABLE job_counts;
-- run_ms: of completed jobs, from their last start to their end.
CREATE TABLE job_counts (
    project_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    jobs INTEGER NOT NULL,
    run_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, state, priority, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO job_counts
SELECT project_id, CASE WHEN state = 'queued' AND run_at_ms IS NOT NULL THEN 'scheduled' ELSE state END, priority, user_id,
       count(*), sum(CASE state WHEN 'completed' THEN coalesce(completed_at_ms - started_at_ms, 0) ELSE 0 END)
  FROM jobs GROUP BY 1, 2, 3, 4;
-- Jobs come queued, and completed is final: only who becomes completed brings a time, and only who is deleted takes one away.
CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN
    INSERT INTO job_counts
    VALUES (NEW.project_id, CASE WHEN NEW.state = 'queued' AND NEW.run_at_ms IS NOT NULL THEN 'scheduled' ELSE NEW.state END,
            NEW.priority, NEW.user_id, 1, 0)
    ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER jobs_moved AFTER UPDATE OF state, run_at_ms, priority ON jobs
WHEN OLD.state IS NOT NEW.state OR (OLD.run_at_ms IS NULL) IS NOT (NEW.run_at_ms IS NULL)
  OR OLD.priority IS NOT NEW.priority BEGIN
    UPDATE job_counts SET jobs = jobs - 1
     WHERE project_id = OLD.project_id AND priority = OLD.priority AND user_id = OLD.user_id
       AND state = CASE WHEN OLD.state = 'queued' AND OLD.run_at_ms IS NOT NULL THEN 'scheduled' ELSE OLD.state END;
    INSERT INTO job_counts
    VALUES (NEW.project_id, CASE WHEN NEW.state = 'queued' AND NEW.run_at_ms IS NOT NULL THEN 'scheduled' ELSE NEW.state END,
            NEW.priority, NEW.user_id, 1,
            CASE NEW.state WHEN 'completed' THEN coalesce(NEW.completed_at_ms - NEW.started_at_ms, 0) ELSE 0 END)
    ON CONFLICT DO UPDATE SET jobs = jobs + 1, run_ms = run_ms + excluded.run_ms;
END;
CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs BEGIN
    UPDATE job_counts
       SET jobs = jobs - 1,
           run_ms = run_ms
                    - CASE OLD.state WHEN 'completed' THEN coalesce(OLD.completed_at_ms - OLD.started_at_ms, 0) ELSE 0 END
     WHERE project_id = OLD.project_id AND priority = OLD.priority AND user_id = OLD.user_id
       AND state = CASE WHEN OLD.state = 'queued' AND OLD.run_at_ms IS NOT NULL THEN 'scheduled' ELSE OLD.state END;
END;

-- What the events of each minute say, from the first to the last one whose id is a multiple of 1,000; the few behind it are
-- counted when somebody asks (lib/catalog/minutes.hpp).
CREATE TABLE queue_minutes (
    at_ms INTEGER PRIMARY KEY,
    queued INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    cancelled INTEGER NOT NULL
) STRICT;
INSERT INTO queue_minutes
SELECT at_ms / 60000 * 60000, sum(kind = 'job.queued'), sum(kind = 'job.completed'), sum(kind = 'job.failed'),
       sum(kind = 'job.cancelled')
  FROM events
 WHERE id <= (SELECT max(id) / 1000 * 1000 FROM events)
   AND kind IN ('job.queued', 'job.completed', 'job.failed', 'job.cancelled')
 GROUP BY 1;
