// What was asked of servers elsewhere, for metrics.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace archaeologist {

// Of one kind of request: "s3 put", …
struct BackendFigures {
    // Upper bounds of `latency_counts`; the last of those counts what took longer.
    static constexpr std::array<double, 12> latency_bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                             0.1,   0.25,   1,     5,    30,    120};

    std::string endpoint;
    std::uint64_t requests = 0;  // each with all its attempts
    std::uint64_t retries = 0;
    std::uint64_t failures = 0;  // ended with an error or a status from 400 on, but for 404
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;  // of bodies, all attempts
    std::array<std::uint64_t, latency_bounds_s.size() + 1> latency_counts{};
    double latency_sum_s = 0;
};

}  // namespace archaeologist
