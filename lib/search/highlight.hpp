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

// Of what the parts of a text stand under that begins at `begin`: where most of the highlights are, the first of those;
// `heading` where none are.
[[nodiscard]] std::string heading_of_most(const std::vector<ByteRange>& highlights, std::uint64_t begin,
                                          const std::string& heading, const std::vector<Heading>& headings);

}  // namespace archaeologist
