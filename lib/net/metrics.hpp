// What calls there were, by endpoint.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.hpp"

namespace archaeologist::net {

struct EndpointMetrics {
    // Upper bounds of `latency_counts`; the last of those counts what took longer.
    static constexpr std::array<double, 12> latency_bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                             0.1,   0.25,   1,     5,    30,    120};

    std::string endpoint;
    std::uint64_t requests = 0;  // calls, not attempts
    std::uint64_t retries = 0;
    std::uint64_t failures = 0;  // calls that ended with an error or a status from 400 on, but for 404
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;  // of bodies, all attempts
    std::array<std::uint64_t, latency_bounds_s.size() + 1> latency_counts{};
    double latency_sum_s = 0;
};

struct CallFigures {
    int retries = 0;
    bool has_failed = false;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::chrono::nanoseconds duration{0};
};

// Thread-safe.
class Metrics {
public:
    void note(std::string_view endpoint, const CallFigures& call);
    [[nodiscard]] std::vector<EndpointMetrics> read() const;

private:
    mutable Mutex mutex_;
    std::map<std::string, EndpointMetrics, std::less<>> endpoints_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::net
