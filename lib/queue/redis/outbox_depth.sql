-- How much is in the outbox: it empties from its front.  →  count
SELECT coalesce((SELECT max(seq) FROM outbox) - (SELECT min(seq) FROM outbox) + 1, 0)
