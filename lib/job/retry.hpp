// When a failed attempt runs again, and how a finished job is made again. Pure: the caller brings clock and random source.
#pragma once

#include <chrono>
#include <optional>

#include "archaeologist/clock.hpp"
#include "archaeologist/job.hpp"

namespace archaeologist {

// Exponential backoff with full jitter: attempt n waits a uniform time in [0, min(cap, base·2ⁿ)].
// Full jitter keeps a thousand jobs that failed together from coming back together.
struct RetryPolicy {
    int max_retries = 3;  // 0 = never again
    std::chrono::milliseconds base{1'000};
    std::chrono::milliseconds cap{600'000};

    // The time of the next attempt, or nothing when retries are used up. `retry_count` counts those already spent.
    [[nodiscard]] std::optional<TimePoint> next_attempt(int retry_count, TimePoint now, Rng& rng) const;
};

// A job like a finished one, with `retry_of`, to be enqueued.
[[nodiscard]] NewJob again(const Job& finished);

}  // namespace archaeologist
