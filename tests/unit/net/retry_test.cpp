#include "net/retry.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace archaeologist::net;
using namespace std::chrono_literals;

TEST_CASE("a pause is never longer than the cap, and below it anything up to a ceiling that doubles") {
    Rng rng(7);
    const RetryPolicy policy{.base = 100ms, .cap = 1s};
    for (int attempts = 1; attempts < 200; ++attempts) {
        const auto ceiling = std::min<std::chrono::milliseconds>(1s, 100ms * (1 << std::min(attempts - 1, 10)));
        auto longest = 0ms;
        auto shortest = 1'000ms;
        for (int i = 0; i < 200; ++i) {
            const auto pause = backoff(policy, attempts, rng);
            longest = std::max(longest, pause);
            shortest = std::min(shortest, pause);
        }
        CHECK(longest <= ceiling);
        CHECK(longest > ceiling * 8 / 10);
        CHECK(shortest < ceiling * 2 / 10);
    }
}

TEST_CASE("Retry-After is seconds or a date") {
    const TimePoint now = from_ms(784'111'777'000);  // Sun, 06 Nov 1994 08:49:37 GMT
    CHECK(retry_after("0", now) == 0ms);
    CHECK(retry_after("120", now) == 120s);
    CHECK(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now) == 30s);
    CHECK(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == 0ms);
    CHECK(retry_after("-5", now) == 0ms);
    CHECK(retry_after("99999999999999999999", now) == 365 * 24h);
    for (const char* const text : {"", "soon", "1.5", "12 parrots"}) CHECK_FALSE(retry_after(text, now).has_value());
}

TEST_CASE("only what may pass by itself is tried again") {
    for (const int status : {408, 425, 429, 500, 502, 503, 504}) CHECK(is_retriable_status(status));
    for (const int status : {200, 301, 400, 401, 403, 404, 409, 413, 422, 501, 505, 507}) {
        CHECK_FALSE(is_retriable_status(status));
    }
}

TEST_CASE("a budget of retries ends, and comes back with successes up to its size") {
    RetryBudget budget(3);
    for (int i = 0; i < 3; ++i) CHECK(budget.take());
    CHECK_FALSE(budget.take());
    budget.give_back(2);
    CHECK(budget.take());
    CHECK(budget.take());
    CHECK_FALSE(budget.take());
    for (int i = 0; i < 1'000; ++i) budget.give_back(0);
    for (int i = 0; i < 3; ++i) CHECK(budget.take());
    CHECK_FALSE(budget.take());
}
