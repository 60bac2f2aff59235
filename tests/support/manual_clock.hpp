// A clock that stands still until a test moves it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "archaeologist/clock.hpp"

namespace archaeologist {

// Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(TimePoint start = from_ms(1'800'000'000'000)) : now_ms_(to_ms(start)) {}

    [[nodiscard]] TimePoint now() const override { return from_ms(now_ms_.load()); }
    [[nodiscard]] std::chrono::milliseconds since_boot() const override {
        return std::chrono::milliseconds{now_ms_.load() - booted_ms};
    }
    void advance(std::chrono::milliseconds time) { now_ms_ += time.count(); }

private:
    static constexpr std::int64_t booted_ms = 1'700'000'000'000;
    std::atomic<std::int64_t> now_ms_;
};

}  // namespace archaeologist
