-- The newest epoch among jobs that are not finished.  →  epoch
SELECT coalesce(max(epoch), 0) FROM jobs WHERE state IN ('pending', 'queued', 'running', 'waiting')
