#include "search/highlight.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

namespace {

constexpr auto english = NaturalLanguage::english;
constexpr auto german = NaturalLanguage::german;

}  // namespace

TEST_CASE("words are found as analysed, where they stand, in the query's order") {
    Analyzer analyzer;
    const auto words = analyzer.query_words("pay invoices missing", {});
    const WordMatches found = match_words(analyzer, words, "An invoice: paying, payed.", english);
    CHECK(found.words == std::vector<std::string>{"pay", "invoic"});
    CHECK(found.highlights == std::vector<ByteRange>{{3, 10}, {12, 18}, {20, 25}});
}

TEST_CASE("a whole identifier and its parts make one highlight") {
    Analyzer analyzer;
    const WordMatches found = match_words(analyzer, analyzer.query_words("sheet_id", {}), "x = sheet_id;", english);
    CHECK(found.highlights == std::vector<ByteRange>{{4, 12}});
    CHECK(match_words(analyzer, {}, "text", english).highlights.empty());
}

TEST_CASE("a word is found in the form of the text's language, and told as it is there") {
    Analyzer analyzer;
    const auto words = analyzer.query_words("Häuser running", std::vector{german});
    const WordMatches found = match_words(analyzer, words, "Das Haus, des Hauses", german);
    CHECK(found.words == std::vector<std::string>{"haus"});
    CHECK(found.highlights == std::vector<ByteRange>{{4, 8}, {14, 20}});
    CHECK(match_words(analyzer, words, "it runs", english).words == std::vector<std::string>{"run"});
}

TEST_CASE("ranges that touch are joined, others stay apart") {
    CHECK(join_ranges({{5, 7}, {0, 2}, {2, 3}, {6, 9}, {11, 12}}) == std::vector<ByteRange>{{0, 3}, {5, 9}, {11, 12}});
}
