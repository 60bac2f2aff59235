#include "redis/retry.hpp"

#include <algorithm>

namespace archaeologist::redis {

namespace {

constexpr int hasty_attempts_max = 5;

Rng& thread_rng() {
    thread_local Rng rng{std::random_device{}()};
    return rng;
}

}  // namespace

std::chrono::milliseconds backoff(const ClientOptions& options, int attempts, Rng& rng) {
    const int doublings = std::min(attempts, 20);
    const auto ceiling = std::min(options.backoff_cap, options.backoff_base * (std::int64_t{1} << doublings));
    std::uniform_int_distribution<std::int64_t> wait_ms(0, std::max<std::int64_t>(ceiling.count(), 0));
    return std::chrono::milliseconds(wait_ms(rng));
}

Instant Retry::attempt_until(std::chrono::milliseconds time_max) const {
    const Instant end = std::chrono::steady_clock::now() + time_max;
    return attempts_ == 0 ? end : std::min(end, until_);
}

Status Retry::pause(Haste haste, const Error& reason, int wake_fd) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= until_) {
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_).count();
        return Error{Code::unavailable, reason.message + " (gave up after " + std::to_string(waited) + " ms)"};
    }
    if (haste == Haste::at_once && hasty_attempts_ < hasty_attempts_max) {
        ++hasty_attempts_;
        if (attempts_ == 0) attempts_ = 1;
        return {};
    }
    hasty_attempts_ = 0;
    const auto wait = backoff(options_, attempts_++, thread_rng());
    return pause_until({std::min(now + wait, until_), wake_fd});
}

}  // namespace archaeologist::redis
