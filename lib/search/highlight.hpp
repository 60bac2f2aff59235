// Why a text was found. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

struct WordMatches {
    std::vector<std::string> words;     // of the query, in its order, that the text holds
    std::vector<ByteRange> highlights;  // where; in order, apart from each other
};

// `query_terms` are Analyzer::query_terms of the query.
[[nodiscard]] WordMatches match_words(Analyzer& analyzer, const std::vector<std::string>& query_terms,
                                      std::string_view text);

// Sorts ranges and joins those that touch.
[[nodiscard]] std::vector<ByteRange> join_ranges(std::vector<ByteRange> ranges);

}  // namespace archaeologist
