// Looks terms up in a project's index.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "sqlite/connection.hpp"
#include "vector/fts5.hpp"

namespace archaeologist {

struct Posting {
    std::int64_t chunk;
    std::uint32_t frequency;  // one of bm25_frequencies
};

// By chunk; empty when none holds the term.
[[nodiscard]] Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, std::string_view term);

// Of any word that begins so; each counts once.
[[nodiscard]] Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, const PrefixWord& prefix);

// The chunks alone, in ascending order.
[[nodiscard]] Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term);
// The same, always by asking FTS5.
[[nodiscard]] Result<IndexRows> chunks_asked(sqlite::Connection& connection, std::string_view term);
[[nodiscard]] Result<IndexRows> chunks_beginning(sqlite::Connection& connection, std::string_view prefix);

}  // namespace archaeologist
