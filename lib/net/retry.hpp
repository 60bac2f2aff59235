// When a failed attempt is made again. Pure: the caller brings time and random source.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "archaeologist/clock.hpp"
#include "base/mutex.hpp"

namespace archaeologist::net {

struct RetryPolicy {
    int attempts_max = 6;                 // with the first
    std::chrono::milliseconds base{100};  // attempt n + 1 waits a uniform time in [0, min(cap, base · 2ⁿ)]
    std::chrono::milliseconds cap{10'000};
    std::chrono::milliseconds retry_after_max{60'000};  // a server that wants more gets its error handed on
    int budget = 100;                                   // retries that calls without success may make, in all
};

// After `attempts` that failed, at least one.
[[nodiscard]] std::chrono::milliseconds backoff(const RetryPolicy& policy, int attempts, Rng& rng);

// Of a Retry-After header: seconds, or a date (RFC 9110). Nothing when it is neither. Never negative.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(std::string_view value, TimePoint now);

[[nodiscard]] bool is_retriable_status(int status);

// Keeps a server that is down from being hit by every call's retries: a retry takes one from the budget, a call that
// succeeds gives back what it took, and one that succeeds at once adds a little. Thread-safe.
class RetryBudget {
public:
    explicit RetryBudget(int retries) : most_(retries * parts), left_(most_) {}

    [[nodiscard]] bool take();
    void give_back(int retries);

private:
    static constexpr int parts = 5;  // of a retry; one is what a success adds

    const int most_;
    Mutex mutex_;
    int left_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::net
