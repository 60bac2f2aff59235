-- Schema 5: a queue elsewhere (Redis). Jobs come pending then, and what happens to them here travels there through the outbox.

-- One row. active: whether there is a queue elsewhere. incarnation: of what it holds, 0 = it was never told anything. identity:
-- by which it knows this catalog again.
CREATE TABLE queue_elsewhere (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    active INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    identity TEXT NOT NULL
) STRICT;
INSERT INTO queue_elsewhere VALUES (1, 0, 0, lower(hex(randomblob(16))));

-- Counts what the queue elsewhere told of the job: an older word does not undo a later one.
ALTER TABLE jobs ADD COLUMN queue_version INTEGER NOT NULL DEFAULT 0;

-- What the queue elsewhere is to be told, in order. action: enqueue, cancel, forget, move, settings (job_id is NULL).
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    action TEXT NOT NULL,
    job_id BLOB
) STRICT;

-- Written by triggers, so that nothing can forget it.
CREATE TRIGGER outbox_enqueue AFTER INSERT ON jobs WHEN NEW.state = 'pending' BEGIN
    INSERT INTO outbox (action, job_id) VALUES ('enqueue', NEW.id);
END;
CREATE TRIGGER outbox_cancel AFTER UPDATE OF state ON jobs
WHEN NEW.state = 'cancelled' AND OLD.state IN ('pending', 'queued', 'running') AND (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action, job_id) VALUES ('cancel', NEW.id);
END;
CREATE TRIGGER outbox_forget AFTER DELETE ON jobs WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action, job_id) VALUES ('forget', OLD.id);
END;
CREATE TRIGGER outbox_move AFTER UPDATE OF priority ON jobs
WHEN OLD.priority IS NOT NEW.priority AND (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action, job_id) VALUES ('move', NEW.id);
END;
CREATE TRIGGER outbox_paused AFTER UPDATE OF paused ON queue_settings WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
CREATE TRIGGER outbox_project_limit AFTER INSERT ON project_limits WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
CREATE TRIGGER outbox_project_limit_changed AFTER UPDATE ON project_limits WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
CREATE TRIGGER outbox_project_limit_gone AFTER DELETE ON project_limits WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
CREATE TRIGGER outbox_type_limit AFTER INSERT ON type_limits WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
CREATE TRIGGER outbox_type_limit_changed AFTER UPDATE ON type_limits WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
CREATE TRIGGER outbox_type_limit_gone AFTER DELETE ON type_limits WHEN (SELECT active FROM queue_elsewhere) BEGIN
    INSERT INTO outbox (action) VALUES ('settings');
END;
