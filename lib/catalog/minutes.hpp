// What the queue did, by the minute. It is counted from the events, a thousand at a time in the transaction that writes the
// thousandth: so no transition pays for a statement of its own, and none is missed. What came since then is counted by who asks.
#pragma once

#include <cstdint>
#include <map>

#include "archaeologist/clock.hpp"
#include "archaeologist/result.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

struct MinuteCounts {
    std::int64_t queued = 0;  // accepted, or put back to be tried again
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
};

inline constexpr std::int64_t events_a_count = 1'000;
inline constexpr std::chrono::hours minutes_kept{7 * 24};

// To be called when the event with this id was written; does something where it is a multiple of events_a_count.
[[nodiscard]] Status count_minutes(sqlite::Connection& tx, std::int64_t event_id, TimePoint now);

// The minutes that begin at `from` or later and in which something happened.
[[nodiscard]] Result<std::map<TimePoint, MinuteCounts>> minutes(sqlite::Connection& tx, TimePoint from);

}  // namespace archaeologist::catalog
