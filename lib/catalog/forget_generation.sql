-- After the vector store erased it; one that was activated again meanwhile stays. :source_id :generation
DELETE FROM generations WHERE source_id = :source_id AND generation = :generation AND retired_at_ms IS NOT NULL
