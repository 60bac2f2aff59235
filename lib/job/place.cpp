#include "job/place.hpp"

#include <algorithm>

namespace archaeologist {

std::chrono::milliseconds HeadStarts::of(Priority priority) const {
    switch (priority) {
        case Priority::low: return low;
        case Priority::normal: return normal;
        case Priority::high: return high;
        case Priority::urgent: return urgent;
    }
    return normal;
}

Arrival arrival_of(const NewJob& job, TimePoint now) {
    return {to_ms(now), to_ms(job.scheduled_at ? std::max(now, *job.scheduled_at) : now)};
}

Place place(const Arrival& arrival, std::int64_t fair_ms, Priority priority, const HeadStarts& head_starts) {
    return {std::max(arrival.ready_ms, fair_ms) - head_starts.of(priority).count(),
            std::max(arrival.created_ms, fair_ms) + share_ms};
}

}  // namespace archaeologist
