// The parts of documents' texts that may hold what is looked for, as their signatures tell.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "sqlite/connection.hpp"

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

}  // namespace archaeologist
