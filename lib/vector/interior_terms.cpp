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

std::vector<std::string> interior_terms(Analyzer& analyzer, std::string_view literal, LetterCase letter_case) {
    std::vector<std::string> terms;
    analyzer.analyze(interior_of(literal), [&](const Term& term) {
        // An identifier's parts depend on its letters' case; as a whole it does not.
        const bool depends_on_case = term.same_position || term.end - term.begin > caseless_bytes_max;
        if (letter_case == LetterCase::ignore && depends_on_case) return;
        terms.emplace_back(term.text);
    });
    std::sort(terms.begin(), terms.end(), [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

}  // namespace archaeologist
