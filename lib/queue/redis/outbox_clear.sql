-- What the outbox says is said anew.
DELETE FROM outbox
