// SQLite's own bookkeeping of memory, which is the process's, so a program's to decide and not the library's.
#pragma once

namespace archaeologist::host {

// Before the first database is opened. SQLite takes one mutex at every allocation to keep statistics that nobody here reads.
void leave_sqlite_memory_uncounted();

}  // namespace archaeologist::host
