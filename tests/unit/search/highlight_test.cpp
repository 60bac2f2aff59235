#include "search/highlight.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

TEST_CASE("words are found as analysed, where they stand, in the query's order") {
    Analyzer analyzer;
    const auto terms = analyzer.query_terms("pay invoices missing");
    const WordMatches found = match_words(analyzer, terms, "An invoice: paying, payed.");
    CHECK(found.words == std::vector<std::string>{"pay", "invoic"});
    CHECK(found.highlights == std::vector<ByteRange>{{3, 10}, {12, 18}, {20, 25}});
}

TEST_CASE("a whole identifier and its parts make one highlight") {
    Analyzer analyzer;
    const WordMatches found = match_words(analyzer, analyzer.query_terms("sheet_id"), "x = sheet_id;");
    CHECK(found.highlights == std::vector<ByteRange>{{4, 12}});
    CHECK(match_words(analyzer, {}, "text").highlights.empty());
}

TEST_CASE("ranges that touch are joined, others stay apart") {
    CHECK(join_ranges({{5, 7}, {0, 2}, {2, 3}, {6, 9}, {11, 12}}) == std::vector<ByteRange>{{0, 3}, {5, 9}, {11, 12}});
}
