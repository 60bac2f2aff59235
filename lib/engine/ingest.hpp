// One ingest: a thread walks, some store, the engine's workers process, the caller's thread waits and observes.
#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "archaeologist/walk.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"

namespace archaeologist {

class Ingest {
public:
    Ingest(Engine::Impl& engine, const IngestRequest& request, const IngestObserver& observer,
           const std::atomic<bool>* stop);

    // Once.
    [[nodiscard]] Result<IngestReport> run();

private:
    struct Counts {
        std::atomic<std::uint64_t> files_found{0};
        std::atomic<std::uint64_t> files_stored{0};
        std::atomic<std::uint64_t> files_unchanged{0};
        std::atomic<std::uint64_t> bytes_found{0};
        std::atomic<std::uint64_t> bytes_stored{0};
    };

    void walk();
    [[nodiscard]] Visit push(Found found);
    [[nodiscard]] std::vector<Found> pop();
    void store_found();
    [[nodiscard]] Status store_batch(const std::vector<Found>& batch);
    [[nodiscard]] Result<std::optional<catalog::NewVersion>> store_file(const Found& found);
    void add_problem(const std::string& path, const Error& error);
    [[nodiscard]] bool stopping() const;
    void wake_all();
    [[nodiscard]] Result<std::int64_t> unfinished_jobs();
    // False: it was stopped before the end.
    [[nodiscard]] Result<bool> wait_for_end(std::uint64_t bytes_before);
    [[nodiscard]] IngestProgress progress(std::int64_t left, std::uint64_t bytes_finished);
    [[nodiscard]] Result<IngestReport> report() ARCHAEO_REQUIRES(mutex_);

    Engine::Impl& engine_;
    const IngestRequest& request_;
    const IngestObserver& observer_;
    const std::atomic<bool>* stop_;
    ProjectId project_{};
    TimePoint started_at_{};
    std::int64_t unfinished_before_ = 0;
    Counts progress_;
    std::atomic<bool> halt_{false};

    Mutex mutex_;
    Condition found_changed_;
    std::deque<Found> found_ ARCHAEO_GUARDED_BY(mutex_);
    bool walking_ ARCHAEO_GUARDED_BY(mutex_) = true;
    std::size_t storing_done_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::optional<Error> fatal_ ARCHAEO_GUARDED_BY(mutex_);
    std::vector<IngestProblem> problems_ ARCHAEO_GUARDED_BY(mutex_);
    std::uint64_t problem_count_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

}  // namespace archaeologist
