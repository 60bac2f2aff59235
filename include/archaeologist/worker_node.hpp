// A worker on a host that has no catalog: it reaches Redis, the lake and the vector store, and hands what became of its jobs
// back through Redis.
//
//   auto node = archaeologist::WorkerNode::open({.data_dir = "/shared", .redis = {.url = "redis://queue.example"}});
//   (*node)->start();
//
// Thread-safe: every call from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "archaeologist/config.hpp"
#include "archaeologist/engine.hpp"
#include "archaeologist/result.hpp"
#include "archaeologist/worker.hpp"

namespace archaeologist {

class WorkerNode {
public:
    // config.data_dir is where the lake and the vector store are; its catalog is not touched. Errors: invalid_argument;
    // incompatible (the queue in Redis is for another lake, vector store or model); not_found (no queue of that name is in Redis
    // yet: a process with the catalog makes it); unavailable; those of the lake and the store.
    [[nodiscard]] static Result<std::unique_ptr<WorkerNode>> open(const Config& config);
    ~WorkerNode();  // stops
    WorkerNode(const WorkerNode&) = delete;
    WorkerNode& operator=(const WorkerNode&) = delete;

    // As Engine::add_handler.
    [[nodiscard]] Status add_handler(std::string_view job_type, JobHandler handler);
    // Idempotent, both. stop returns when the worker is drained.
    void start();
    void stop();
    // Nothing while it does not run.
    [[nodiscard]] std::optional<WorkerStatus> status() const;

    // What asks for the catalog answers `unsupported`.
    [[nodiscard]] Queue& queue();

    // As those of Engine.
    [[nodiscard]] std::vector<Check> reach_backends();
    [[nodiscard]] std::vector<BackendFigures> backend_figures() const;

    // Everything it stands on, for `doctor`.
    [[nodiscard]] std::vector<Check> check();

private:
    class Impl;
    explicit WorkerNode(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace archaeologist
