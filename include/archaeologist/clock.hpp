// Time and chance come in as parameters, so that tests and the simulation own both.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace archaeologist {

// Wall-clock time, UTC, in milliseconds since 1970-01-01.
using TimePoint = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// One random source a thread; never shared.
using Rng = std::mt19937_64;

[[nodiscard]] constexpr std::int64_t to_ms(TimePoint at) { return at.time_since_epoch().count(); }
[[nodiscard]] constexpr TimePoint from_ms(std::int64_t ms) { return TimePoint{std::chrono::milliseconds{ms}}; }

// RFC 3339 in UTC with milliseconds: "2026-11-23T19:00:19.123Z".
[[nodiscard]] std::string to_rfc3339(TimePoint at);

// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    // Time since an arbitrary start; runs on while the machine sleeps, never jumps (CLOCK_BOOTTIME).
    [[nodiscard]] virtual std::chrono::milliseconds since_boot() const = 0;
};

// The machine's clock; lives as long as the program.
[[nodiscard]] const Clock& system_clock();

}  // namespace archaeologist
