#include "vector/index_terms.hpp"

#include <algorithm>
#include <vector>

#include "vector/bm25.hpp"

namespace archaeologist {
namespace {

constexpr char first_level_mark = '\x02';  // level 1 is \x03: below every byte of a term, and no marker of packed terms

// The positions of packed terms; a text's first term is at a new one whatever it says.
std::uint32_t count_positions(std::string_view packed) {
    const auto positions = std::count(packed.begin(), packed.end(), packed_new_position);
    const bool begins_without = !packed.empty() && packed.front() == packed_same_position;
    return static_cast<std::uint32_t>(positions) + (begins_without ? 1 : 0);
}

void split(std::string_view packed, std::vector<std::string_view>& terms) {
    constexpr char markers[] = {packed_new_position, packed_same_position};
    while (!packed.empty()) {
        packed.remove_prefix(1);
        const std::size_t end = std::min(packed.find_first_of({markers, sizeof(markers)}), packed.size());
        terms.push_back(packed.substr(0, end));
        packed.remove_prefix(end);
    }
}

}  // namespace

std::string index_term(std::string_view term, std::size_t level) {
    std::string made(term);
    if (level > 0) made += static_cast<char>(first_level_mark + level);
    return made;
}

IndexTerms make_index_terms(Analyzer& analyzer, std::string_view header, std::string_view text) {
    const std::string packed_header = analyzer.pack_terms(header);
    const std::string packed_text = analyzer.pack_terms(text);
    std::vector<std::string_view> terms;
    split(packed_header, terms);
    split(packed_text, terms);
    std::sort(terms.begin(), terms.end());
    IndexTerms made;
    made.length = count_positions(packed_header) + count_positions(packed_text);
    made.packed.reserve(packed_header.size() + packed_text.size());
    for (std::size_t begin = 0; begin < terms.size();) {
        std::size_t end = begin + 1;
        while (end < terms.size() && terms[end] == terms[begin]) ++end;
        for (std::size_t level = 0; level < bm25_frequencies.size() && bm25_frequencies[level] <= end - begin;
             ++level) {
            made.packed += packed_new_position;
            made.packed += terms[begin];
            if (level > 0) made.packed += static_cast<char>(first_level_mark + level);
        }
        begin = end;
    }
    return made;
}

}  // namespace archaeologist
