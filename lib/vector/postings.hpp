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

// Chunks in ascending order.
struct Postings {
    IndexRows chunks;               // that hold the term
    std::vector<IndexRows> higher;  // of those, where it reaches bm25_frequencies[1], [2], …
};

// Empty when no chunk holds the term.
[[nodiscard]] Result<Postings> postings_of(sqlite::Connection& connection, std::string_view term);

// Of any word that begins so; each counts once.
[[nodiscard]] Result<Postings> postings_of(sqlite::Connection& connection, const PrefixWord& prefix);

// Of a word: of any of its terms, with the frequency of the one that occurs most.
[[nodiscard]] Result<Postings> postings_of(sqlite::Connection& connection, const QueryWord& word);

// The chunks alone, in ascending order.
[[nodiscard]] Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term);
[[nodiscard]] Result<IndexRows> chunks_with_any(sqlite::Connection& connection, std::span<const std::string> terms);
// The same, always by asking FTS5.
[[nodiscard]] Result<IndexRows> chunks_asked(sqlite::Connection& connection, std::string_view term);
[[nodiscard]] Result<IndexRows> chunks_beginning(sqlite::Connection& connection, std::string_view prefix);

}  // namespace archaeologist
