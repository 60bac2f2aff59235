-- Where the segment begins that holds a byte.
-- :document :at  →  begin
-- Uses index segments_by_place.
SELECT begin FROM segments WHERE document = :document AND begin <= :at ORDER BY begin DESC LIMIT 1
