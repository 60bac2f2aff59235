// Waiting for descriptors, and no longer than somebody has patience.
#pragma once

#include <chrono>
#include <cstdint>

#include "archaeologist/result.hpp"

namespace archaeologist::redis {

using Instant = std::chrono::steady_clock::time_point;

// How long to wait for something. A readable `wake_fd` ends it early (cancelled).
struct Patience {
    Instant until;
    int wake_fd = -1;
};

enum class Ready : std::uint8_t { yes, too_late, woken };

// Until poll's `events` come to fd; -1 waits for the patience's end alone.
[[nodiscard]] Ready wait_for(int fd, short events, const Patience& patience);

// What a call answers that was woken.
[[nodiscard]] Error interrupted();

// Sleeps. Errors: cancelled.
[[nodiscard]] Status pause_until(const Patience& patience);

}  // namespace archaeologist::redis
