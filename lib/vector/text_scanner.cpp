#include "vector/text_scanner.hpp"

#include "vector/literal.hpp"
#include "vector/regex.hpp"

namespace archaeologist {

Result<std::unique_ptr<TextScanner>> make_scanner(const LiteralQuery& query) {
    const WordRule rule = query.whole_word ? WordRule::whole_word : WordRule::anywhere;
    if (query.pattern == TextPattern::literal) {
        return std::unique_ptr<TextScanner>(std::make_unique<LiteralScanner>(query.text, query.letter_case, rule));
    }
    ARCHAEO_ASSIGN(auto regex, Regex::compile(query.text, query.letter_case));
    return std::unique_ptr<TextScanner>(std::make_unique<RegexScanner>(std::move(regex), rule));
}

std::vector<ByteRange> find_all(std::string_view text, TextScanner& scanner) {
    scanner.restart();
    std::vector<ByteRange> matches = scanner.push(text);
    const std::vector<ByteRange>& rest = scanner.finish();
    matches.insert(matches.end(), rest.begin(), rest.end());
    return matches;
}

}  // namespace archaeologist
