-- →  the oldest event that is kept (NULL: none is), the newest there ever was (NULL: there was none)
SELECT (SELECT min(id) FROM events), (SELECT seq FROM sqlite_sequence WHERE name = 'events')
