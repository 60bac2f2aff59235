// The parts of documents' texts that may hold what is looked for, as their signatures tell or the chunks with its words.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "sqlite/connection.hpp"
#include "vector/row_list.hpp"

namespace archaeologist {

// Segments that follow each other, by their begins.
struct TextPart {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

// By document; of one in order, with text between them. Documents without any are left out.
using TextParts = std::unordered_map<std::int64_t, std::vector<TextPart>>;

inline constexpr TextPart whole_text{0, INT64_MAX};

// Of the documents that are given, out of so many. Nothing can be told of too short a literal, nor of an expression that
// fits anything: all then.
[[nodiscard]] Result<TextParts> find_text_parts(sqlite::Connection& connection, const LiteralQuery& query,
                                                const std::vector<std::int64_t>& documents, std::size_t all_documents);

// Of a literal that has a part in one of these chunks, of the documents that are given.
[[nodiscard]] Result<TextParts> find_text_parts_around(sqlite::Connection& connection, const LiteralQuery& query,
                                                       const RowList& chunks,
                                                       const std::unordered_set<std::int64_t>& documents);

}  // namespace archaeologist
