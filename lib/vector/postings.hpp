// Looks terms up in a project's index.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "sqlite/connection.hpp"
#include "text/analyzer.hpp"
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

// Of a word: of any of its terms, with the frequency of the one that occurs most.
[[nodiscard]] Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, const QueryWord& word);

// The chunks alone, in ascending order.
[[nodiscard]] Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term);
[[nodiscard]] Result<IndexRows> chunks_with_any(sqlite::Connection& connection, std::span<const std::string> terms);
[[nodiscard]] Result<IndexRows> chunks_beginning(sqlite::Connection& connection, std::string_view prefix);

}  // namespace archaeologist
