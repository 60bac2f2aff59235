-- Whether there is a queue elsewhere, and what of.  →  active, incarnation, identity
SELECT active, incarnation, identity FROM queue_elsewhere
