// Reads the rows that hold a term from the tables in which FTS5 keeps its index: numbers one behind the other, which
// FTS5's cursors do much with, row by row.
#pragma once

#include <optional>
#include <string_view>

#include "sqlite/connection.hpp"
#include "vector/fts5.hpp"

namespace archaeologist {

// What is here relies on the file format of FTS5 (version 4, detail = none), which later versions read too. In ascending
// order.
// Nothing: the index is written in a form that is not known here. FTS5 knows it.
[[nodiscard]] Result<std::optional<IndexRows>> read_doclists(sqlite::Connection& connection, std::string_view term);

}  // namespace archaeologist
