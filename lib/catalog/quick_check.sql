-- Whether the file's structure is sound; reads all of it.  →  "ok", or the first thing that is wrong
PRAGMA quick_check(1)
