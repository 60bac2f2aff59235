#include "search/highlight.hpp"

#include <algorithm>
#include <unordered_map>

namespace archaeologist {

std::vector<ByteRange> join_ranges(std::vector<ByteRange> ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const ByteRange& a, const ByteRange& b) { return a.begin < b.begin; });
    std::vector<ByteRange> joined;
    for (const ByteRange& range : ranges) {
        if (!joined.empty() && range.begin <= joined.back().end) {
            joined.back().end = std::max(joined.back().end, range.end);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

WordMatches match_words(Analyzer& analyzer, const std::vector<std::string>& query_terms, std::string_view text) {
    std::unordered_map<std::string_view, std::size_t> wanted;
    for (std::size_t i = 0; i < query_terms.size(); ++i) wanted.emplace(query_terms[i], i);
    std::vector<bool> held(query_terms.size(), false);
    std::vector<ByteRange> ranges;
    analyzer.analyze(text, [&](const Term& term) {
        const auto found = wanted.find(term.text);
        if (found == wanted.end()) return;
        held[found->second] = true;
        ranges.push_back({term.begin, term.end});
    });
    WordMatches matches;
    for (std::size_t i = 0; i < query_terms.size(); ++i) {
        if (held[i]) matches.words.push_back(query_terms[i]);
    }
    matches.highlights = join_ranges(std::move(ranges));
    return matches;
}

}  // namespace archaeologist
