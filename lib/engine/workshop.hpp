// Where jobs are done: the handlers of a process, and the worker that runs them.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/config.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/vector_store.hpp"
#include "archaeologist/worker.hpp"
#include "base/mutex.hpp"
#include "worker/handlers/file.hpp"

namespace archaeologist {

// What all who do jobs must be told rightly. Errors: invalid_argument.
[[nodiscard]] Status validate(const Config& config);

// Thread-safe.
class Workshop {
public:
    // What a file is processed with. All of them must outlive the workshop.
    struct Tools {
        Queue& queue;
        Lake& lake;
        VectorStore& store;
        Embedder& embedder;
        // As in FileHandlerParts.
        std::function<Result<OtherModel>(const std::string& model_id, std::size_t dimension)> find_model;
    };
    Workshop(const Config& config, const Clock& clock, Tools tools)
        : config_(config), clock_(clock), tools_(std::move(tools)) {}

    [[nodiscard]] Status add_handler(std::string_view job_type, JobHandler handler);
    // False: it runs already.
    [[nodiscard]] bool start();
    // False: none ran. Returns when the worker is drained.
    bool stop();
    [[nodiscard]] std::optional<WorkerStatus> status();
    // Of files whose handler ended here.
    [[nodiscard]] std::uint64_t bytes_processed() const { return bytes_processed_.load(); }

private:
    const Config& config_;
    const Clock& clock_;
    const Tools tools_;
    std::atomic<std::uint64_t> bytes_processed_{0};

    Mutex mutex_;
    std::map<std::string, JobHandler, std::less<>> handlers_ ARCHAEO_GUARDED_BY(mutex_);  // the program's own
    std::shared_ptr<Worker> worker_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist
