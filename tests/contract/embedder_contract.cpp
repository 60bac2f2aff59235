#include "contract/embedder_contract.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

namespace archaeologist {
namespace {

using Texts = std::vector<std::string_view>;

const Texts samples = {"The invoice is paid within thirty days.",
                       "int main(int argc, char** argv) { return run(argc, argv); }",
                       "会計処理の自動化について説明します。", "Größenänderung der Tabelle",
                       "SELECT id, name FROM customers WHERE country = 'NL'"};

FloatMatrix embed(Embedder& embedder, const Texts& texts, TextRole role = TextRole::document) {
    auto matrix = embedder.embed(texts, role);
    REQUIRE(matrix.has_value());
    return std::move(matrix).value();
}

double dot(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

bool is_zero(std::span<const float> row) {
    return std::all_of(row.begin(), row.end(), [](float value) { return value == 0; });
}

void check_rows(Embedder& embedder) {
    const FloatMatrix matrix = embed(embedder, samples);
    CHECK(matrix.rows == samples.size());
    CHECK(matrix.columns == embedder.dimension());
    REQUIRE(matrix.values.size() == matrix.rows * matrix.columns);
    for (std::size_t i = 0; i < matrix.rows; ++i) {
        const auto row = matrix.row(i);
        CHECK(std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); }));
        CHECK(dot(row, row) == doctest::Approx(1).epsilon(1e-4));
    }
}

void check_threads(Embedder& embedder) {
    const FloatMatrix expected = embed(embedder, samples);
    std::vector<std::vector<float>> got(4);
    std::vector<std::thread> threads;
    threads.reserve(got.size());
    for (auto& values : got) {
        threads.emplace_back([&embedder, &values] {
            for (int round = 0; round < 20; ++round) {
                if (auto matrix = embedder.embed(samples, TextRole::document)) values = matrix->values;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& values : got) CHECK(values == expected.values);
}

}  // namespace

void embedder_contract(const EmbedderFactory& make) {
    const auto embedder = make();
    REQUIRE(embedder != nullptr);

    SUBCASE("its properties are sane and do not change") {
        CHECK(embedder->dimension() > 0);
        CHECK_FALSE(embedder->model_id().empty());
        CHECK(embedder->max_tokens() > 0);
        CHECK(embedder->hybrid_weight() >= 0);
        CHECK(embedder->hybrid_weight() <= 1);
        CHECK(make()->model_id() == embedder->model_id());
        CHECK(make()->dimension() == embedder->dimension());
    }
    SUBCASE("every row has the dimension and length 1") { check_rows(*embedder); }
    SUBCASE("rows stand in the order of the texts, whatever else is in the batch") {
        const FloatMatrix together = embed(*embedder, samples);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const FloatMatrix alone = embed(*embedder, {samples[i]});
            CHECK(dot(alone.row(0), together.row(i)) == doctest::Approx(1).epsilon(1e-4));
        }
        CHECK(dot(together.row(0), together.row(2)) < 0.999);
    }
    SUBCASE("the same text gives the same row, from another object too") {
        CHECK(embed(*embedder, samples).values == embed(*embedder, samples).values);
        CHECK(embed(*make(), samples).values == embed(*embedder, samples).values);
    }
    SUBCASE("a text without a word gives a zero row and does not disturb its neighbours") {
        const FloatMatrix matrix = embed(*embedder, {samples[0], "", " \n\t -- ", samples[0]});
        CHECK(is_zero(matrix.row(1)));
        CHECK(is_zero(matrix.row(2)));
        CHECK(dot(matrix.row(0), matrix.row(3)) == doctest::Approx(1).epsilon(1e-4));
    }
    SUBCASE("no texts give no rows") {
        const FloatMatrix matrix = embed(*embedder, {});
        CHECK(matrix.rows == 0);
        CHECK(matrix.columns == embedder->dimension());
        CHECK(matrix.values.empty());
    }
    SUBCASE("a query lies nearest the text that has its words") {
        const FloatMatrix documents = embed(*embedder, samples);
        const FloatMatrix query = embed(*embedder, {"invoice paid"}, TextRole::query);
        for (std::size_t i = 1; i < samples.size(); ++i) {
            CHECK(dot(query.row(0), documents.row(0)) > dot(query.row(0), documents.row(i)));
        }
    }
    SUBCASE("threads that share it do not disturb each other") { check_threads(*embedder); }
}

}  // namespace archaeologist
