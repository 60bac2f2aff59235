#include "job/retry.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace std::chrono_literals;

TEST_CASE("a job never waits longer than the cap, however often it failed") {
    Rng rng(7);
    const RetryPolicy policy{.max_retries = 1'000, .base = 1s, .cap = 10min};
    for (int spent = 0; spent < policy.max_retries; ++spent) {
        const auto at = policy.next_attempt(spent, TimePoint{}, rng);
        REQUIRE(at.has_value());
        CHECK(*at - TimePoint{} <= policy.cap);
        CHECK(*at >= TimePoint{});
    }
}

TEST_CASE("the bound doubles with each failure and the wait uses all of it") {
    Rng rng(7);
    const RetryPolicy policy{.max_retries = 10, .base = 1s, .cap = 10min};
    for (int spent = 0; spent < 8; ++spent) {
        const std::chrono::milliseconds bound = 1s * (1 << spent);
        std::chrono::milliseconds longest{0};
        std::chrono::milliseconds shortest = bound;
        for (int i = 0; i < 500; ++i) {
            const auto wait = *policy.next_attempt(spent, TimePoint{}, rng) - TimePoint{};
            longest = std::max(longest, wait);
            shortest = std::min(shortest, wait);
        }
        CHECK(longest <= bound);
        CHECK(longest > bound * 9 / 10);
        CHECK(shortest < bound / 10);
    }
}

TEST_CASE("when retries are used up there is no next attempt") {
    Rng rng(7);
    CHECK_FALSE(RetryPolicy{.max_retries = 0}.next_attempt(0, TimePoint{}, rng));
    CHECK_FALSE(RetryPolicy{.max_retries = 3}.next_attempt(3, TimePoint{}, rng));
    CHECK(RetryPolicy{.max_retries = 3}.next_attempt(2, TimePoint{}, rng));
}

TEST_CASE("a base beyond the cap, or none, stays within the cap") {
    Rng rng(7);
    const RetryPolicy huge{.max_retries = 100, .base = std::chrono::milliseconds::max(), .cap = 5s};
    CHECK(*huge.next_attempt(99, TimePoint{}, rng) - TimePoint{} <= 5s);
    const RetryPolicy none{.max_retries = 1, .base = 0ms, .cap = 5s};
    CHECK(none.next_attempt(0, from_ms(42), rng) == from_ms(42));
}

TEST_CASE("the same seed gives the same times") {
    Rng one(9);
    Rng two(9);
    for (int i = 0; i < 3; ++i) {
        CHECK(RetryPolicy{}.next_attempt(i, TimePoint{}, one) == RetryPolicy{}.next_attempt(i, TimePoint{}, two));
    }
}
