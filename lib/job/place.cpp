#include "job/place.hpp"

#include <algorithm>

namespace archaeologist {

namespace {

// A thousand years, in milliseconds: no job waits as long.
constexpr std::chrono::milliseconds band{std::int64_t{1'000} * 366 * 24 * 3'600 * 1'000};

}  // namespace

std::chrono::milliseconds HeadStarts::of(Priority priority) const {
    switch (priority) {
        case Priority::low: return low;
        case Priority::normal: return normal;
        case Priority::high: return high;
        case Priority::urgent: return urgent;
    }
    return normal;
}

HeadStarts HeadStarts::strict() { return {.urgent = 3 * band, .high = 2 * band, .normal = band, .low = 0 * band}; }

Arrival arrival_of(const NewJob& job, TimePoint now) {
    return {to_ms(now), to_ms(job.scheduled_at ? std::max(now, *job.scheduled_at) : now)};
}

Place place(const Arrival& arrival, std::int64_t fair_ms, Priority priority, const HeadStarts& head_starts,
            std::chrono::milliseconds share) {
    return {std::max(arrival.ready_ms, fair_ms) - head_starts.of(priority).count(),
            std::max(arrival.created_ms, fair_ms) + share.count()};
}

}  // namespace archaeologist
