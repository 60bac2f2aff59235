// What SQLite's FTS5 is taught: to index terms that were analysed before, and to hand out their rows at once.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist {

// Rows in ascending order, as the function `collect_rows(table, rows)` fills them in.
using IndexRows = std::vector<std::int64_t>;

inline constexpr char index_rows_pointer_type[] = "archaeologist::IndexRows";

// Registers on a connection
// - the tokenizer `packed`: terms behind packed_new_position (text/analyzer.hpp), as they are;
// - the auxiliary function `collect_rows(table, rows)`: fills an IndexRows with all rows of the first phrase. It is called
//   with the first row of the match only (LIMIT 1) and walks the index itself: a row costs a step of FTS5, and none of
//   SQLite's.
[[nodiscard]] Status register_fts5(sqlite3* db);

}  // namespace archaeologist
