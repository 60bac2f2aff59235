// What the worker daemon answers about itself.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "host/http/router.hpp"
#include "worker/hands.hpp"

namespace archaeologist::worker {

// What the routes work on. Outlives the server.
struct Desk {
    Hands& hands;
    std::function<std::string()> metrics;
    std::function<bool()> is_draining;  // the program stops
    std::mutex mutex{};
    std::optional<WorkerStatus> last{};  // of a worker that was stopped; guarded by mutex
};

[[nodiscard]] std::vector<host::Route> routes_of(Desk& desk);

}  // namespace archaeologist::worker
