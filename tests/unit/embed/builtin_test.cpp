#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "archaeologist/embedder.hpp"

using namespace archaeologist;

namespace {

std::vector<float> embed(std::string_view text, TextRole role = TextRole::document) {
    const std::string_view texts[] = {text};
    return make_builtin_embedder()->embed(texts, role).value().values;
}

double cosine(std::string_view a, std::string_view b) {
    const auto left = embed(a);
    const auto right = embed(b);
    double sum = 0;
    for (std::size_t i = 0; i < left.size(); ++i) sum += static_cast<double>(left[i]) * static_cast<double>(right[i]);
    return sum;
}

}  // namespace

TEST_CASE("the built-in embedder says what it is") {
    const auto embedder = make_builtin_embedder();
    CHECK(embedder->model_id() == "builtin-hash-1");
    CHECK(embedder->dimension() == 384);
    CHECK_FALSE(embedder->matches_meaning());
    CHECK(embedder->hybrid_weight() == doctest::Approx(0.1));
}

TEST_CASE("forms of one word lie together, other words apart") {
    CHECK(cosine("Invoices", "invoice") == doctest::Approx(1));
    CHECK(cosine("getUserName", "get user name") > 0.5);
    CHECK(cosine("invoice", "giraffe") < 0.6);
    CHECK(cosine("alpha beta gamma", "gamma alpha beta") == doctest::Approx(1));
}

TEST_CASE("queries and documents are embedded alike") {
    CHECK(embed("some words", TextRole::query) == embed("some words", TextRole::document));
}

TEST_CASE("a query's words count by how rare they are in what is searched") {
    const auto embedder = make_builtin_embedder();
    const auto common_first = [](std::span<const std::string> terms) -> Result<TermCounts> {
        TermCounts counts{1'000, {}};
        for (const std::string& term : terms) counts.with_term.push_back(term == "common" ? 900 : 9);
        return counts;
    };
    const auto query = embedder->embed_query("common seldom", common_first).value().values;
    const auto nearness = [&](std::string_view text) {
        const auto row = embed(text);
        return std::inner_product(row.begin(), row.end(), query.begin(), 0.0);
    };
    const double common = std::log(1 + 1'000.5 / 900.5);
    const double seldom = std::log(1 + 1'000.5 / 9.5);
    CHECK(nearness("seldom") == doctest::Approx(seldom / std::hypot(common, seldom)).epsilon(1e-3));
    CHECK(nearness("common") == doctest::Approx(common / std::hypot(common, seldom)).epsilon(1e-3));
}

TEST_CASE("where nobody can tell how rare words are, a query's words count alike") {
    const auto embedder = make_builtin_embedder();
    const auto unknown = [](std::span<const std::string>) -> Result<TermCounts> { return TermCounts(); };
    CHECK(embedder->embed_query("common seldom", unknown).value().values == embed("common seldom"));
}

TEST_CASE("a failure to count a query's words is the embedder's") {
    const auto failing = [](std::span<const std::string>) -> Result<TermCounts> {
        return Error{Code::unavailable, "the store is away"};
    };
    const auto made = make_builtin_embedder()->embed_query("word", failing);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == Code::unavailable);
}

TEST_CASE("a word said often counts more, but not in proportion") {
    std::string text = "seldom";
    for (int i = 0; i < 100; ++i) text += " common";
    const double weight = 1 + std::log(100.0);
    CHECK(cosine(text, "seldom") == doctest::Approx(1 / std::hypot(1, weight)));
    CHECK(cosine(text, "common") == doctest::Approx(weight / std::hypot(1, weight)));
}

TEST_CASE("a text with very many different words keeps length 1") {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "word" + std::to_string(i) + " ";
    CHECK(cosine(text, text) == doctest::Approx(1));
}

// Stored vectors of one machine are compared with queries of another: a change here needs a new model id.
TEST_CASE("vectors are the same on every machine and in every version") {
    const auto row = embed("stored");
    std::vector<float> expected(384);
    expected[99] = static_cast<float>(-1 / std::sqrt(2.0));
    expected[348] = static_cast<float>(1 / std::sqrt(2.0));
    CHECK(row == expected);
}
