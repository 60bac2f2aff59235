-- Takes :count epochs.  →  the last of them
UPDATE counters SET value = value + :count WHERE name = 'epoch' RETURNING value
