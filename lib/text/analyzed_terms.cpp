#include "archaeologist/analyzer.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

std::vector<AnalyzedTerm> analyze(std::string_view text) {
    std::vector<AnalyzedTerm> terms;
    Analyzer().analyze(text, [&terms](const Term& term) {
        terms.push_back({std::string(term.text), {term.begin, term.end}, term.same_position});
    });
    return terms;
}

}  // namespace archaeologist
