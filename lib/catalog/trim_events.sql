-- Forgets events up to an id; at most 4,000 a call. :up_to
DELETE FROM events WHERE id <= :up_to AND id <= (SELECT min(id) FROM events) + 4000
