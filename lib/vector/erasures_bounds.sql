-- →  the oldest entry's id that is kept, the newest's; 0, 0 when there are none
SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM erasures
