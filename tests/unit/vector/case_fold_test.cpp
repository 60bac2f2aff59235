#include "vector/case_fold.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

TEST_CASE("folding is that of Unicode's simple case folding") {
    CHECK(simple_case_fold(U'A') == U'a');
    CHECK(simple_case_fold(U'[') == U'[');
    CHECK(simple_case_fold(U'É') == U'é');
    CHECK(simple_case_fold(U'Ж') == U'ж');
    CHECK(simple_case_fold(U'ς') == U'σ');
    CHECK(simple_case_fold(U'Σ') == U'σ');
    CHECK(simple_case_fold(U'ſ') == U's');
    CHECK(simple_case_fold(U'\u212A') == U'k');
    CHECK(simple_case_fold(U'µ') == U'μ');
    CHECK(simple_case_fold(U'ẞ') == U'ß');
    CHECK(simple_case_fold(U'ß') == U'ß');
    CHECK(simple_case_fold(U'İ') == U'İ');
    CHECK(simple_case_fold(U'ı') == U'ı');
    CHECK(simple_case_fold(U'ᾈ') == U'ᾀ');
    CHECK(simple_case_fold(U'会') == U'会');
    CHECK(simple_case_fold(U'𐐀') == U'𐐨');
}

TEST_CASE("a folded text knows where its characters came from") {
    FoldedText folded;
    folded.assign("a\u212Ab\u212AC");
    CHECK(folded.text() == "akbkc");
    CHECK(folded.original_offset(0) == 0);
    CHECK(folded.original_offset(1) == 1);
    CHECK(folded.original_offset(2) == 4);
    CHECK(folded.original_offset(3) == 5);
    CHECK(folded.original_offset(4) == 8);
    CHECK(folded.original_offset(5) == 9);
    folded.assign(
        "\xFF"
        "A");
    CHECK(folded.text() ==
          "\xFF"
          "a");
}
