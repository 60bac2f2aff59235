#include "job/retry.hpp"

#include <algorithm>
#include <random>

namespace archaeologist {

std::optional<TimePoint> RetryPolicy::next_attempt(int retry_count, TimePoint now, Rng& rng) const {
    if (retry_count >= max_retries) return std::nullopt;
    const int doublings = std::clamp(retry_count, 0, 30);  // 2³⁰ · 1 ms already exceeds any sensible cap
    const std::int64_t factor = std::int64_t{1} << doublings;
    const auto ceiling = base > cap / factor ? cap : base * factor;
    std::uniform_int_distribution<std::int64_t> wait_ms(0, std::max<std::int64_t>(0, ceiling.count()));
    return now + std::chrono::milliseconds(wait_ms(rng));
}

NewJob again(const Job& finished) {
    NewJob job;
    job.job_type = finished.job_type;
    job.priority = finished.priority;
    job.project_id = finished.project_id;
    job.user_id = finished.user_id;
    job.source_id = finished.source_id;
    job.retry_of = finished.id;
    job.job_data = finished.job_data;
    job.max_retries = finished.max_retries;
    job.timeout = finished.timeout;
    return job;
}

}  // namespace archaeologist
