#include "net/metrics.hpp"

#include <algorithm>

namespace archaeologist::net {

void Metrics::note(std::string_view endpoint, const CallFigures& call) {
    const double duration_s = std::chrono::duration<double>(call.duration).count();
    constexpr auto& bounds = EndpointMetrics::latency_bounds_s;
    const auto bound = std::lower_bound(bounds.begin(), bounds.end(), duration_s);

    const MutexLock lock(mutex_);
    auto at = endpoints_.find(endpoint);
    if (at == endpoints_.end()) {
        at = endpoints_.emplace(std::string(endpoint), EndpointMetrics{}).first;
        at->second.endpoint = at->first;
    }
    EndpointMetrics& figures = at->second;
    ++figures.requests;
    figures.retries += static_cast<std::uint64_t>(call.retries);
    figures.failures += call.has_failed ? 1 : 0;
    figures.bytes_sent += call.bytes_sent;
    figures.bytes_received += call.bytes_received;
    ++figures.latency_counts[static_cast<std::size_t>(bound - bounds.begin())];
    figures.latency_sum_s += duration_s;
}

std::vector<EndpointMetrics> Metrics::read() const {
    const MutexLock lock(mutex_);
    std::vector<EndpointMetrics> all;
    all.reserve(endpoints_.size());
    for (const auto& [name, figures] : endpoints_) all.push_back(figures);
    return all;
}

}  // namespace archaeologist::net
