// The parts of an engine, wired from a Config. lib/engine/*.cpp each hold one thing it does.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "archaeologist/engine.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "catalog/models.hpp"
#include "catalog/sources.hpp"
#include "engine/backends.hpp"
#include "engine/model_shelf.hpp"
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
          log(wanted.log, wanted.log_level),
          shelf(config, log, backends.metrics()) {}
    ~Impl() { stop_workers(); }  // no ingest runs any longer

    [[nodiscard]] Status open();
    [[nodiscard]] Status start_upkeep();
    [[nodiscard]] Status start_workers();
    void stop_workers();
    // The same for an ingest: workers run while anybody needs them.
    void begin_ingest();
    void end_ingest();

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
    [[nodiscard]] Result<Project> update_project(ProjectId id, const ProjectChange& change);
    [[nodiscard]] Status delete_project(ProjectId id);
    // Makes the project where it is missing.
    [[nodiscard]] Result<Project> project_named(std::string_view name);

    // engine/model_change.cpp says how models come and go.
    [[nodiscard]] Status choose_model();
    [[nodiscard]] Result<ModelShelf::Model> model(const std::string& id);
    // Of the model that search uses in the project. Errors: not_found.
    [[nodiscard]] Result<std::shared_ptr<VectorStore>> store_of(ProjectId project);
    // Of every model that was ever used.
    [[nodiscard]] Result<std::vector<std::shared_ptr<VectorStore>>> all_stores();
    [[nodiscard]] Result<SearchReply> search(const SearchRequest& request);

    const Config config;
    const Clock& clock;
    const Logger log;
    Backends backends{config};
    ModelShelf shelf;
    std::unique_ptr<sqlite::Database> catalog;
    std::unique_ptr<Lake> lake;
    std::optional<PartialFiles> partial_files;
    PlacedQueue placed;
    CatalogQueue* queue = nullptr;  // placed's
    std::optional<Workshop> workshop;

private:
    enum class Life : std::uint8_t { goes_on, over };
    [[nodiscard]] Life change_until_sweep();
    [[nodiscard]] Result<OtherModel> other_model(const std::string& id, std::size_t dimension);
    void start_sweeper() ARCHAEO_REQUIRES(life_mutex_);
    void stop_unneeded() ARCHAEO_REQUIRES(life_mutex_);
    void sweep_loop();
    [[nodiscard]] Result<SearchReply> search_with(const catalog::SearchModel& by, const SearchRequest& request);
    // stuck: only what failed is missing, or somebody else's worker.
    enum class Change : std::uint8_t { none, goes_on, stuck };
    // One step.
    [[nodiscard]] Result<Change> change_models();
    [[nodiscard]] Result<bool> is_change_due(ProjectId project);
    [[nodiscard]] Status erase_stale_models(TimePoint before);
    [[nodiscard]] Status erase_retired();
    [[nodiscard]] Status erase_generation(const catalog::RetiredGeneration& generation);
    [[nodiscard]] Status forget_old_jobs();
    // engine/deletion.cpp says what these are for.
    [[nodiscard]] Status finish_deletion(ProjectId id);
    [[nodiscard]] Status sweep_deleted();
    [[nodiscard]] Status erase_project(ProjectId project);
    [[nodiscard]] Status erase_late(ProjectId project, SourceId source);

    std::set<ProjectId> without_lack_;  // the sweeper's: projects whose change needs no more jobs, as far as it saw
    Mutex life_mutex_;
    bool workers_wanted_ ARCHAEO_GUARDED_BY(life_mutex_) = false;  // by the program
    bool upkeep_wanted_ ARCHAEO_GUARDED_BY(life_mutex_) = false;   // by the program
    int ingests_ ARCHAEO_GUARDED_BY(life_mutex_) = 0;              // that run
    Mutex sweep_mutex_;
    Condition sweep_wake_;
    bool sweep_stop_ ARCHAEO_GUARDED_BY(sweep_mutex_) = false;
    std::thread sweeper_ ARCHAEO_GUARDED_BY(life_mutex_);
};

}  // namespace archaeologist
