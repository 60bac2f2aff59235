// A chunk's terms as the index takes them: each term once, and once more with a mark for every further frequency of
// bm25_frequencies that it reaches. So an index without positions still knows how often a term occurs. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "text/analyzer.hpp"

namespace archaeologist {

struct IndexTerms {
    std::string packed;        // every term behind packed_new_position
    std::uint32_t length = 0;  // of the chunk, for BM25: positions
};

// Header and text count alike.
[[nodiscard]] IndexTerms make_index_terms(Analyzer& analyzer, std::string_view header, std::string_view text,
                                          NaturalLanguage language = NaturalLanguage::english);

// `level` is an index into bm25_frequencies; at 0 the term itself.
[[nodiscard]] std::string index_term(std::string_view term, std::size_t level);

// The level at which a term of the index is the given one. In the order of bytes a term's levels follow it at once.
[[nodiscard]] std::optional<std::size_t> level_in_index(std::string_view indexed, std::string_view term);

}  // namespace archaeologist
