// What calls there were, by endpoint.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/backend.hpp"
#include "base/mutex.hpp"

namespace archaeologist::net {

using EndpointMetrics = BackendFigures;

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
