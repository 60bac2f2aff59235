// Who does the worker daemon's jobs: an engine where the catalog is at hand, a node of a queue on Redis where it is not.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "archaeologist/engine.hpp"
#include "archaeologist/worker_node.hpp"
#include "host/environment.hpp"
#include "host/settings.hpp"

namespace archaeologist::worker {

// Thread-safe.
class Hands {
public:
    virtual ~Hands() = default;
    [[nodiscard]] virtual Status start() = 0;
    virtual void stop() = 0;
    // Nothing while none work.
    [[nodiscard]] virtual std::optional<WorkerStatus> status() const = 0;
    [[nodiscard]] virtual Queue& queue() = 0;
    [[nodiscard]] virtual std::vector<Check> check() = 0;
    [[nodiscard]] virtual std::vector<Check> reach_backends() = 0;
    [[nodiscard]] virtual std::vector<BackendFigures> backend_figures() const = 0;
};

// With the handlers of --handler. Errors: those of Engine::open or WorkerNode::open, and invalid_argument.
[[nodiscard]] Result<std::unique_ptr<Hands>> open_hands(const host::Settings& settings,
                                                        const host::Environment& environment, LogSink log);

}  // namespace archaeologist::worker
