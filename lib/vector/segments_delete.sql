-- Those that begin at a place or behind it.
-- :document :begin
DELETE FROM segments WHERE document = :document AND begin >= :begin
