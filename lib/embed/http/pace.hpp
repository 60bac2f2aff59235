// When a server may be asked: not while it said "later", and not by everybody while it is away. Thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "archaeologist/clock.hpp"
#include "archaeologist/result.hpp"
#include "base/mutex.hpp"

namespace archaeologist::embed {

// After the n-th failure in a row: between half of it and all of 1 s · 2ⁿ⁻¹, at most 30 s. Pure.
[[nodiscard]] std::chrono::milliseconds pause_after(int failures, Rng& rng);

class Pace {
public:
    // Waits out a pause of at most `patience`. Errors: rate_limited (a longer one); unavailable (the server was away a
    // moment ago, and it is not yet time to try again: what was said then).
    [[nodiscard]] Status enter(std::chrono::milliseconds patience);

    void note_success();
    // The server said "later"; without a time the pause grows from refusal to refusal.
    void note_busy(std::optional<std::chrono::milliseconds> wanted);
    // Later calls get the error at once; one at a time tries again, after growing pauses.
    void note_outage(const Error& error);
    // Ends all waiting, for good, with `cancelled`.
    void stop();

    // The outage that is not over, as far as is known.
    [[nodiscard]] std::optional<Error> outage() const;

private:
    using Instant = std::chrono::steady_clock::time_point;

    mutable Mutex mutex_;
    Condition changed_;
    Instant busy_until_ ARCHAEO_GUARDED_BY(mutex_){};
    int refusals_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::optional<Error> outage_ ARCHAEO_GUARDED_BY(mutex_);
    Instant try_again_ ARCHAEO_GUARDED_BY(mutex_){};
    bool is_trying_ ARCHAEO_GUARDED_BY(mutex_) = false;  // somebody, since the outage began
    int failures_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    bool is_stopped_ ARCHAEO_GUARDED_BY(mutex_) = false;
};

}  // namespace archaeologist::embed
