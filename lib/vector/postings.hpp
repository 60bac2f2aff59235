// Looks terms up in a project's index.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sqlite/connection.hpp"
#include "vector/fts5.hpp"

namespace archaeologist {

struct Posting {
    std::int64_t chunk;
    std::uint32_t frequency;  // one of bm25_frequencies
};

// By chunk; empty when none holds the term.
[[nodiscard]] Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, std::string_view term);

// The chunks alone, in ascending order.
[[nodiscard]] Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term);

}  // namespace archaeologist
