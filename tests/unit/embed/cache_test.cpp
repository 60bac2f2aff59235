#include "embed/cache.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using embed::VectorCache;

namespace {

using Vectors = std::vector<std::vector<float>>;

Status put(VectorCache& cache, std::string_view model, std::string_view text, const std::vector<float>& vector) {
    const embed::Kept kept{text, vector};
    return cache.put(model, std::span(&kept, 1));
}

Vectors get(VectorCache& cache, std::string_view model, const std::vector<std::string_view>& texts) {
    return cache.get(model, texts).value();
}

}  // namespace

TEST_CASE("vectors are found again by model and text, in the order they are asked for, by whoever opens the file") {
    const TemporaryFolder folder;
    const std::vector<float> one{0.25F, -1.5F};
    const std::vector<float> two{3.0F};
    {
        const auto cache = VectorCache::open(folder.path("cache.db"), 1 << 20).value();
        REQUIRE(put(*cache, "m", "a", one));
        REQUIRE(put(*cache, "m", "b", two));
        REQUIRE(put(*cache, "n", "a", two));
    }
    const auto cache = VectorCache::open(folder.path("cache.db"), 1 << 20).value();
    CHECK(get(*cache, "m", {"b", "unknown", "a"}) == Vectors{two, {}, one});
    CHECK(get(*cache, "n", {"a", "b"}) == Vectors{two, {}});
}

TEST_CASE("the oldest vectors go when there are more bytes than allowed") {
    const TemporaryFolder folder;
    const auto cache = VectorCache::open(folder.path("cache.db"), 40'000).value();
    const std::vector<float> vector(1'000, 1.0F);  // 4,000 bytes
    std::vector<std::string> names;
    for (int i = 0; i < 12; ++i) names.push_back("text " + std::to_string(i));
    for (const auto& name : names) REQUIRE(put(*cache, "m", name, vector));
    CHECK(get(*cache, "m", {names[0]}) == Vectors{{}});
    CHECK(get(*cache, "m", {names[11]}) == Vectors{vector});
}
