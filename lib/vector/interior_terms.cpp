#include "vector/interior_terms.hpp"

#include <algorithm>

#include "text/characters.hpp"

namespace archaeologist {
namespace {

// Longer words may be cut, or lose their joined whole, at another place where a letter's other case has more bytes.
constexpr std::uint32_t caseless_bytes_max = term_bytes_max / 3;

// From the first separator to the last.
std::string_view interior_of(std::string_view literal) {
    std::size_t begin = literal.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at < literal.size();) {
        const Character character = character_at(literal, at);
        if (character.kind == CharacterKind::separator) {
            begin = std::min(begin, at);
            end = at;
        }
        at += character.length;
    }
    return begin < end ? literal.substr(begin, end - begin) : std::string_view();
}

}  // namespace

std::vector<QueryWord> interior_words(Analyzer& analyzer, std::string_view literal, LetterCase letter_case,
                                      std::span<const NaturalLanguage> languages) {
    std::vector<QueryWord> words;
    const auto analyze = [&](const auto& take, NaturalLanguage language) {
        const auto take_sure = [&](const Term& term) {
            // An identifier's parts depend on its letters' case; as a whole it does not.
            const bool depends_on_case = term.same_position || term.end - term.begin > caseless_bytes_max;
            if (letter_case == LetterCase::exact || !depends_on_case) take(term);
        };
        analyzer.analyze(interior_of(literal), take_sure, language);
    };
    analyze([&](const Term& term) { words.push_back({std::string(term.text)}); }, NaturalLanguage::english);
    for (const NaturalLanguage language : languages) {
        std::size_t at = 0;
        analyze([&](const Term& term) { add_term(words[at++], term.text); }, language);
    }
    std::sort(words.begin(), words.end(), [](const QueryWord& a, const QueryWord& b) {
        return a.front().size() != b.front().size() ? a.front().size() > b.front().size() : a < b;
    });
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

}  // namespace archaeologist
