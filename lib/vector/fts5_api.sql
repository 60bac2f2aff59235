-- FTS5 puts the address of its interface where the bound pointer says.
-- ?1 a pointer of type fts5_api_ptr
SELECT fts5(?1)
