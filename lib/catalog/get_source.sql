-- One live source. :id  →  the columns of live_sources
SELECT * FROM live_sources WHERE id = :id
