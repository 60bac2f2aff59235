// Looks a term up in a project's index.
#pragma once

#include <string_view>

#include "sqlite/connection.hpp"
#include "vector/fts5.hpp"

namespace archaeologist {

// Empty when no chunk holds the term.
[[nodiscard]] Result<Postings> postings_of(sqlite::Connection& connection, std::string_view term);

}  // namespace archaeologist
