// What of an engine or a worker stands elsewhere: whether it answers, and what was asked of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "archaeologist/vector_store.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "net/metrics.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {

// Thread-safe.
class Backends {
public:
    explicit Backends(const Config& config) : config_(config), log_(config.log, config.log_level) {}

    // Of all HTTP clients.
    [[nodiscard]] const std::shared_ptr<net::Metrics>& metrics() const { return metrics_; }

    // One check for each that is elsewhere, none when nothing is. Those who ask while it looks, or within a second, get
    // the same answer. What fails and what comes back is logged once.
    [[nodiscard]] std::vector<Check> reach(Lake& lake, VectorStore& vectors, Embedder& embedder);

private:
    [[nodiscard]] Check judge(const std::string& name, const Status& answer, const std::string& advice)
        ARCHAEO_REQUIRES(mutex_);

    const Config& config_;
    const Logger log_;
    const std::shared_ptr<net::Metrics> metrics_ = std::make_shared<net::Metrics>();
    Mutex mutex_;
    std::vector<Check> found_ ARCHAEO_GUARDED_BY(mutex_);
    std::optional<std::chrono::steady_clock::time_point> looked_at_ ARCHAEO_GUARDED_BY(mutex_);
    std::set<std::string> away_ ARCHAEO_GUARDED_BY(mutex_);  // by name
};

// Refuses to go on with a lake that has nothing of what the catalog names: with the wrong setting, files would be spread over two
// lakes. A lake that does not answer is not judged. Errors: incompatible, those of the catalog.
[[nodiscard]] Status check_lake_of(const Config& config, sqlite::Database& catalog, Lake& lake);

// Embeds a word, for `doctor`.
[[nodiscard]] Check probe_embedder(Embedder& embedder);

// For `doctor`.
[[nodiscard]] Check probe_vectors_elsewhere(const Config& config, VectorStore& vectors);

// Stores, reads back and removes a blob of its own, for `doctor`.
[[nodiscard]] Check probe_lake_elsewhere(const Config& config, Lake& lake, const Clock& clock);

}  // namespace archaeologist
