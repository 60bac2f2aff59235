#include "vector/int8_vector.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace archaeologist;

namespace {

std::vector<float> random_vector(std::size_t size, std::mt19937_64& rng) {
    std::normal_distribution<float> normal;
    std::vector<float> values(size);
    for (float& value : values) value = normal(rng);
    return values;
}

double exact_cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double product = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        aa += static_cast<double>(a[i]) * static_cast<double>(a[i]);
        bb += static_cast<double>(b[i]) * static_cast<double>(b[i]);
    }
    return product / std::sqrt(aa * bb);
}

}  // namespace

TEST_CASE("both dot products are equal, whatever the size, and at the extremes") {
    std::mt19937_64 rng(1);
    std::uniform_int_distribution<int> component(-127, 127);
    for (std::size_t size = 0; size < 200; ++size) {
        std::vector<std::int8_t> a(size);
        std::vector<std::int8_t> b(size);
        for (auto& x : a) x = static_cast<std::int8_t>(component(rng));
        for (auto& x : b) x = static_cast<std::int8_t>(component(rng));
        CHECK(dot(a, b) == dot_scalar(a, b));
    }
    const std::vector<std::int8_t> high(384, 127);
    const std::vector<std::int8_t> low(384, -127);
    CHECK(dot(high, low) == -384 * 127 * 127);
    CHECK(dot(low, low) == 384 * 127 * 127);
}

TEST_CASE("the cosine of quantised vectors is near the exact one") {
    std::mt19937_64 rng(2);
    for (int round = 0; round < 50; ++round) {
        const auto a = random_vector(384, rng);
        const auto b = random_vector(384, rng);
        const auto qa = quantize(a);
        const auto qb = quantize(b);
        CHECK(cosine(dot(qa, qb), dot(qa, qa), dot(qb, qb)) == doctest::Approx(exact_cosine(a, b)).epsilon(0.01));
    }
}

TEST_CASE("the length of a vector does not matter, and zero stays zero") {
    CHECK(quantize(std::vector<float>{1, -2, 0}) == quantize(std::vector<float>{1e-30F, -2e-30F, 0}));
    CHECK(quantize(std::vector<float>{0, 0}) == std::vector<std::int8_t>{0, 0});
    const float tiny = std::numeric_limits<float>::denorm_min();
    CHECK(quantize(std::vector<float>{tiny, -tiny}) == std::vector<std::int8_t>{127, -127});
    const float huge = std::numeric_limits<float>::max();
    CHECK(quantize(std::vector<float>{huge, -huge}) == std::vector<std::int8_t>{127, -127});
}
