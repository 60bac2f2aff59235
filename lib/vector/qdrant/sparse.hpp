// A text's words as Qdrant's own BM25 has them: numbered by hash, weighted by how often they occur. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/analyzer.hpp"

namespace archaeologist::qdrant {

struct SparseVector {
    std::vector<std::uint32_t> indices;  // ascending, none twice
    std::vector<float> values;
};

// |int32(MurmurHash3_x86_32(term, seed 0))|
[[nodiscard]] std::uint32_t term_id(std::string_view term);

// n(k1 + 1) / (n + k1(1 - b + b · length/256)) for a term that occurs n times. Header and text count alike; terms of one
// number are one.
[[nodiscard]] SparseVector document_terms(Analyzer& analyzer, std::string_view header, std::string_view text,
                                          NaturalLanguage language = NaturalLanguage::english);

// Every term that stands for a word in English or these languages once, with weight 1.
[[nodiscard]] SparseVector query_terms(Analyzer& analyzer, std::string_view words,
                                       std::span<const NaturalLanguage> languages = {});

}  // namespace archaeologist::qdrant
