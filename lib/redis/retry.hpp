// How long one call looks for a server, and how it pauses between attempts.
#pragma once

#include <chrono>
#include <string>

#include "archaeologist/clock.hpp"
#include "redis/client.hpp"
#include "redis/connection.hpp"

namespace archaeologist::redis {

enum class Haste : std::uint8_t { at_once, backoff };

// Full jitter: before attempt n + 1 a uniform time in [0, min(backoff_cap, backoff_base · 2ⁿ)].
[[nodiscard]] std::chrono::milliseconds backoff(const ClientOptions& options, int attempts, Rng& rng);

class Retry {
public:
    explicit Retry(const ClientOptions& options) : options_(options), until_(started_ + options.retry_max) {}

    // When something that may take `time_max` has to end in this attempt. The first has its whole time, however short
    // retry_max is; later ones end with it.
    [[nodiscard]] Instant attempt_until(std::chrono::milliseconds time_max) const;

    // After an attempt that failed for `reason`. An attempt at once that failed too often in a row pauses like another.
    // Errors: unavailable when the time is over, with the reason; cancelled.
    [[nodiscard]] Status pause(Haste haste, const Error& reason, int wake_fd);

private:
    const ClientOptions& options_;
    const Instant started_ = std::chrono::steady_clock::now();
    const Instant until_;
    int attempts_ = 0;
    int hasty_attempts_ = 0;
};

}  // namespace archaeologist::redis
