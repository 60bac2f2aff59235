#include "vector/regex.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace archaeologist;

namespace {

std::unique_ptr<TextScanner> scanner_of(std::string pattern, LetterCase letter_case = LetterCase::exact,
                                        WordRule rule = WordRule::anywhere) {
    LiteralQuery query;
    query.text = std::move(pattern);
    query.pattern = TextPattern::regex;
    query.letter_case = letter_case;
    query.whole_word = rule == WordRule::whole_word;
    auto scanner = make_scanner(query);
    REQUIRE_MESSAGE(scanner.has_value(), (scanner ? "" : scanner.error().message));
    return std::move(scanner).value();
}

std::string refusal_of(const std::string& pattern) {
    const auto compiled = Regex::compile(pattern, LetterCase::exact);
    REQUIRE(!compiled.has_value());
    CHECK(compiled.error().code == Code::invalid_argument);
    return compiled.error().message;
}

std::vector<std::string> found(std::string_view text, TextScanner& scanner) {
    std::vector<std::string> matches;
    for (const ByteRange& range : find_all(text, scanner)) {
        matches.emplace_back(
            text.substr(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.size())));
    }
    return matches;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a regular expression matches within lines, and ^ and $ are their ends") {
    CHECK(found("one\ntwo\nthree\n", *scanner_of("^t.*$")) == Strings{"two", "three"});
    CHECK(found("a\nb", *scanner_of("a[^x]b|a\\sb|a(?s:.)b")).empty());
    CHECK(found("ab\r\n", *scanner_of("b.$")) == Strings{"b\r"});
    CHECK(found("aXbX", *scanner_of("a.*?X")) == Strings{"aX"});
    CHECK(found("x\ny", *scanner_of("\\Ax|\\Ay|x\\z|y\\z")) == Strings{"x", "y"});
}

TEST_CASE("a regular expression's case and whole words are those of literals") {
    CHECK(found("Éa éa", *scanner_of("éA", LetterCase::ignore)) == Strings{"Éa", "éa"});
    CHECK(found("id ids _id id_ id", *scanner_of("id", LetterCase::exact, WordRule::whole_word)).size() == 2);
}

TEST_CASE("the matches of a regular expression do not depend on where the text is cut") {
    static const Strings patterns = {
        "a+b",       "^a",     "b$",           "\\bab\\b", "a|ab|abc", "[^a\n]+b", "(a|\xC3\xA9)+$",
        "\\Aa|b\\z", "a{2,3}", "\xE4\xBC\x9A", ".",        "x$|y",     "\\b|a"};
    static const Strings alphabet = {"a", "b", "ab", "\n", " ", "\xC3\xA9", "\xE4\xBC\x9A", "c"};
    std::mt19937_64 rng(7);
    for (int turn = 0; turn < 3'000; ++turn) {
        const std::string& pattern = patterns[rng() % patterns.size()];
        const auto rule = rng() % 3 == 0 ? WordRule::whole_word : WordRule::anywhere;
        const auto scanner = scanner_of(pattern, LetterCase::exact, rule);
        Strings pieces;
        std::string text;
        for (std::size_t count = rng() % 20; count > 0; --count) {
            pieces.push_back(alphabet[rng() % alphabet.size()]);
            text += pieces.back();
        }
        std::vector<ByteRange> in_pieces;
        const auto add = [&](const std::vector<ByteRange>& some) {
            in_pieces.insert(in_pieces.end(), some.begin(), some.end());
        };
        scanner->restart();
        for (const std::string& piece : pieces) add(scanner->push(piece));
        add(scanner->finish());
        CAPTURE(pattern);
        CAPTURE(text);
        CHECK(in_pieces == find_all(text, *scanner));
    }
}

TEST_CASE("a line beyond the window is looked at in parts, with bounded memory") {
    const auto scanner = scanner_of("needle[0-9]+");
    std::size_t count = 0;
    const std::string piece = std::string(60'000, 'x') + "needle1 ";
    scanner->restart();
    for (std::size_t bytes = 0; bytes < 3 * regex_window_bytes_max; bytes += piece.size())
        count += scanner->push(piece).size();
    CHECK(count > 0);
    count += scanner->finish().size();
    CHECK(count == (3 * regex_window_bytes_max + piece.size() - 1) / piece.size());
}

TEST_CASE("what is no regular expression is refused with what is wrong") {
    CHECK(refusal_of("a(b") == "the regular expression \"a(b\" is none: missing ): a(b");
    CHECK(refusal_of(")(").find("unexpected )") != std::string::npos);
    CHECK(refusal_of("(?=a)").find("invalid perl operator") != std::string::npos);
    CHECK(refusal_of("a*") ==
          "the regular expression \"a*\" matches where there is nothing, must match at least one character");
    CHECK(refusal_of("foo\\nbar").find("at byte 4, must match within one line") != std::string::npos);
    CHECK(refusal_of("((a{100}){100}){100}").find("is none") != std::string::npos);
    CHECK(found("a\\nb", *scanner_of("\\\\n")) == Strings{"\\n"});
}
