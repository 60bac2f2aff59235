#include "search/highlight.hpp"

#include <algorithm>
#include <cstdint>
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

WordMatches match_words(Analyzer& analyzer, const std::vector<QueryWord>& words, std::string_view text,
                        NaturalLanguage language) {
    std::unordered_multimap<std::string_view, std::size_t> wanted;
    for (std::size_t i = 0; i < words.size(); ++i) {
        for (const std::string& term : words[i]) wanted.emplace(term, i);
    }
    std::vector<std::string_view> held(words.size());
    std::vector<ByteRange> ranges;
    const auto look = [&](const Term& term) {
        const auto [first, last] = wanted.equal_range(term.text);
        if (first == last) return;
        for (auto found = first; found != last; ++found) {
            if (held[found->second].empty()) held[found->second] = found->first;
        }
        ranges.push_back({term.begin, term.end});
    };
    analyzer.analyze(text, look, language);
    WordMatches matches;
    for (const std::string_view term : held) {
        if (!term.empty()) matches.words.emplace_back(term);
    }
    matches.highlights = join_ranges(std::move(ranges));
    return matches;
}

std::string heading_of_most(const std::vector<ByteRange>& highlights, std::uint64_t begin, const std::string& heading,
                            const std::vector<Heading>& headings) {
    std::string most = heading;
    std::size_t highlights_of_most = 0;
    for (std::size_t i = 0; i < headings.size(); ++i) {
        const std::uint64_t end = i + 1 < headings.size() ? headings[i + 1].begin : UINT64_MAX;
        const auto count =
            static_cast<std::size_t>(std::count_if(highlights.begin(), highlights.end(), [&](const ByteRange& range) {
                return begin + range.begin >= headings[i].begin && begin + range.begin < end;
            }));
        if (count <= highlights_of_most) continue;
        highlights_of_most = count;
        most = headings[i].text;
    }
    return most;
}

}  // namespace archaeologist
