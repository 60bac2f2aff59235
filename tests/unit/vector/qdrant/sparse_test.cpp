#include "vector/qdrant/sparse.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace archaeologist;
using namespace archaeologist::qdrant;

TEST_CASE("a term's number is MurmurHash3's, without its sign") {
    // abs(mmh3.hash(term)), as Qdrant's own tools compute it
    CHECK(term_id("") == 0);
    CHECK(term_id("hello") == 613153351);
    CHECK(term_id("hello, world") == 345750399);
    CHECK(term_id("The quick brown fox jumps over the lazy dog") == 776992547);
    CHECK(term_id("a") == 1009084850);
    CHECK(term_id("ab") == 1681926305);
    CHECK(term_id("abc") == 1277324294);
    CHECK(term_id("abcd") == 1139631978);
    CHECK(term_id("\xE4\xBC\x9A\xE8\xA8\x88") == 1942167728);
}

TEST_CASE("a document's terms are ascending, none twice, and weighted by how often they occur") {
    Analyzer analyzer;
    const SparseVector terms = document_terms(analyzer, "guide", "apple banana apple apple");
    REQUIRE(terms.indices.size() == 3);
    CHECK(std::is_sorted(terms.indices.begin(), terms.indices.end()));
    const auto weight_of = [&](const char* term) {
        const auto id = term_id(analyzer.query_terms(term).at(0));
        const auto at = std::find(terms.indices.begin(), terms.indices.end(), id);
        REQUIRE(at != terms.indices.end());
        return static_cast<double>(terms.values[static_cast<std::size_t>(at - terms.indices.begin())]);
    };
    const double norm = 1.2 * (1 - 0.75 + 0.75 * 5 / 256);
    CHECK(weight_of("apple") == doctest::Approx(3 * 2.2 / (3 + norm)));
    CHECK(weight_of("banana") == doctest::Approx(2.2 / (1 + norm)));
    CHECK(weight_of("guide") == doctest::Approx(2.2 / (1 + norm)));
}

TEST_CASE("a query's terms count once each, with weight 1") {
    Analyzer analyzer;
    const SparseVector terms = query_terms(analyzer, "banana apple banana");
    CHECK(terms.indices.size() == 2);
    CHECK(std::is_sorted(terms.indices.begin(), terms.indices.end()));
    CHECK(terms.values == std::vector<float>{1, 1});
    CHECK(query_terms(analyzer, " - ; ").indices.empty());
}
