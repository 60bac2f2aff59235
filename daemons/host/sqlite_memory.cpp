#include "host/sqlite_memory.hpp"

#include <sqlite3.h>

namespace archaeologist::host {

void leave_sqlite_memory_uncounted() {
    // Refused once SQLite is in use, which costs only speed.
    static_cast<void>(::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));
}

}  // namespace archaeologist::host
