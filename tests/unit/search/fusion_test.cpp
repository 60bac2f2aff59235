#include "search/fusion.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

namespace {

RankedHit hit(std::uint8_t number, double score) {
    RankedHit ranked;
    Uuid id;
    id.bytes[15] = number;
    ranked.hit.id = PointId(id);
    ranked.hit.score = score;
    return ranked;
}

std::vector<int> numbers(const std::vector<FusedHit>& fused) {
    std::vector<int> found;
    found.reserve(fused.size());
    for (const FusedHit& one : fused) found.push_back(one.ranked.hit.id.bytes[15]);
    return found;
}

}  // namespace

TEST_CASE("scores of both rankings are spread and added by weight") {
    const auto fused = fuse({hit(1, 30), hit(2, 20), hit(3, 10)}, {hit(2, 0.9), hit(4, 0.5), hit(1, 0.1)}, 0.25);
    REQUIRE(fused.size() == 4);
    CHECK(numbers(fused) == std::vector<int>{1, 2, 4, 3});
    CHECK(fused[0].score == doctest::Approx(0.75));
    CHECK(fused[1].score == doctest::Approx(0.75 * 0.5 + 0.25));
    CHECK(fused[2].score == doctest::Approx(0.125));
    CHECK(fused[3].score == 0);
    CHECK(fused[0].similarity == 0.1);
    CHECK(fused[3].similarity == 0);
}

TEST_CASE("one ranking alone keeps its order, and equal scores count in full") {
    CHECK(numbers(fuse({hit(3, 5), hit(1, 4)}, {}, 0.9)) == std::vector<int>{3, 1});
    CHECK(numbers(fuse({}, {hit(2, 0.5), hit(1, 0.4)}, 0.1)) == std::vector<int>{2, 1});
    const auto equal = fuse({hit(9, 5), hit(4, 5)}, {}, 0.2);
    CHECK(numbers(equal) == std::vector<int>{4, 9});
    CHECK(equal[0].score == doctest::Approx(0.8));
    CHECK(fuse({}, {}, 0.5).empty());
}
