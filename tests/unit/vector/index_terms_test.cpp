#include "vector/index_terms.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

TEST_CASE("a term stands once for every frequency it reaches, header and text together") {
    Analyzer analyzer(Stemming::none);
    const IndexTerms made = make_index_terms(analyzer, "bb", "aa bb aa cc aa bb aa aa");
    CHECK(made.packed ==
          "\x01"
          "bb"
          "\x01"
          "bb\x03"
          "\x01"
          "bb\x04"
          "\x01"
          "aa"
          "\x01"
          "aa\x03"
          "\x01"
          "aa\x04"
          "\x01"
          "aa\x05"
          "\x01"
          "cc");
    CHECK(made.length == 9);
}

TEST_CASE("an identifier's parts are terms, its length is one") {
    Analyzer analyzer(Stemming::none);
    const IndexTerms made = make_index_terms(analyzer, "", "fooBar");
    CHECK(made.packed ==
          "\x01"
          "foobar"
          "\x01"
          "foo"
          "\x01"
          "bar");
    CHECK(made.length == 1);
    CHECK(make_index_terms(analyzer, "", " - ").packed.empty());
}

TEST_CASE("the name of a frequency is that under which it is stored") {
    Analyzer analyzer(Stemming::none);
    std::string text;
    for (int i = 0; i < 70; ++i) text += "aa ";
    const IndexTerms made = make_index_terms(analyzer, "", text);
    std::string expected;
    for (std::size_t level = 0; level < 12; ++level) expected += "\x01" + index_term("aa", level);
    CHECK(made.packed == expected);
}
