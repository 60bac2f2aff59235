-- What the minutes count, in no order. :after :up_to  →  at_ms, kind
SELECT at_ms, kind FROM events WHERE id > :after AND id <= :up_to
