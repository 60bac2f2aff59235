// The parts of an engine, wired from a Config. lib/engine/*.cpp each hold one thing it does.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "archaeologist/engine.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "engine/backends.hpp"
#include "engine/partial_files.hpp"
#include "engine/queue_place.hpp"
#include "engine/workshop.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {

class Engine::Impl {
public:
    explicit Impl(const Config& wanted)
        : config(wanted),
          clock(wanted.clock != nullptr ? *wanted.clock : system_clock()),
          log(wanted.log, wanted.log_level) {}
    ~Impl() { stop_workers(); }

    [[nodiscard]] Status open();
    [[nodiscard]] Status start_upkeep();
    [[nodiscard]] Status start_workers();
    void stop_workers();
    [[nodiscard]] bool has_workers() { return workshop->status().has_value(); }

    // All but the project. Errors: invalid_argument, too_large.
    [[nodiscard]] Status validate(const UploadRequest& request) const;
    // Errors: not_found.
    [[nodiscard]] Status require_project(ProjectId id);
    [[nodiscard]] Result<UploadReply> upload(const UploadRequest& request, ByteSource& content);
    // Files whose requests are valid and whose bytes are in the lake, all or none.
    [[nodiscard]] Result<std::vector<UploadReply>> accept(std::span<const StoredFile> files,
                                                          const std::optional<IdempotencyKey>& key);
    // The request is valid.
    [[nodiscard]] Result<PieceReply> upload_piece(const UploadRequest& request, const Piece& piece,
                                                  ByteSource& content);
    [[nodiscard]] Result<IngestReport> ingest(const IngestRequest& request, const IngestObserver& observer,
                                              const std::atomic<bool>* stop);
    [[nodiscard]] Result<Job> retry(JobId id);
    [[nodiscard]] Status delete_project(ProjectId id);
    // Makes the project where it is missing.
    [[nodiscard]] Result<Project> project_named(std::string_view name);

    const Config config;
    const Clock& clock;
    const Logger log;
    std::shared_ptr<Embedder> embedder;
    Backends backends{config};
    std::unique_ptr<sqlite::Database> catalog;
    std::unique_ptr<Lake> lake;
    std::optional<PartialFiles> partial_files;
    std::unique_ptr<VectorStore> store;
    PlacedQueue placed;
    CatalogQueue* queue = nullptr;  // placed's
    std::optional<Workshop> workshop;

private:
    void start_sweeper() ARCHAEO_REQUIRES(life_mutex_);
    void sweep_loop();
    [[nodiscard]] Status erase_retired();
    [[nodiscard]] Status forget_old_jobs();
    // engine/deletion.cpp says what these are for.
    [[nodiscard]] Status finish_deletion(ProjectId id);
    [[nodiscard]] Status sweep_deleted();
    [[nodiscard]] Status erase_late(ProjectId project, SourceId source);

    Mutex life_mutex_;
    Mutex sweep_mutex_;
    Condition sweep_wake_;
    bool sweep_stop_ ARCHAEO_GUARDED_BY(sweep_mutex_) = false;
    std::thread sweeper_ ARCHAEO_GUARDED_BY(life_mutex_);
};

}  // namespace archaeologist
