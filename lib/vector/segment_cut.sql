-- Makes the segment that goes on past a place end there.
-- :document :end
UPDATE segments SET size = :end - begin WHERE document = :document AND begin < :end AND begin + size > :end
