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

// `words` are Analyzer::query_words of the query, in at least the text's language; one that is held is told by its term there.
[[nodiscard]] WordMatches match_words(Analyzer& analyzer, const std::vector<QueryWord>& words, std::string_view text,
                                      NaturalLanguage language);

// Sorts ranges and joins those that touch.
[[nodiscard]] std::vector<ByteRange> join_ranges(std::vector<ByteRange> ranges);

}  // namespace archaeologist
