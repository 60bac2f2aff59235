// An ingest whose files go to a server: a thread walks, some send, the caller's thread asks what became of the jobs.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "archaeologist/walk.hpp"
#include "cli/remote_api.hpp"

namespace archaeologist::cli {

class RemoteIngest {
public:
    RemoteIngest(const ServerAddress& server, const IngestRequest& request, const IngestObserver& observer,
                 const std::atomic<bool>* stop);

    // Once. The contract is that of Engine::ingest; the jobs are those of the files it sent, and those that files which
    // are unchanged still wait for.
    [[nodiscard]] Result<IngestReport> run();

private:
    using SteadyClock = std::chrono::steady_clock;

    struct Awaited {
        JobId id;
        std::string path;
        std::uint64_t bytes = 0;
    };

    [[nodiscard]] Result<ProjectId> project_named();
    void walk();
    [[nodiscard]] Visit push(Found found);
    [[nodiscard]] std::optional<Found> pop();
    void send_found();
    [[nodiscard]] Status send_file(RemoteApi& api, const Found& found);
    void note_upload(const Found& found, const RemoteUpload& upload);
    [[nodiscard]] Status watch();
    [[nodiscard]] Result<std::size_t> look_at_jobs();
    void count_finished(const Job& job, const Awaited& awaited);
    void add_problem(const std::string& path, const Error& error);
    void fail(const Error& error);
    [[nodiscard]] bool stopping() const;
    void pause(std::chrono::milliseconds time);
    [[nodiscard]] IngestProgress progress() const;  // mutex_ is held
    [[nodiscard]] IngestReport report();

    // Repeats a call while the server is out of reach or too busy, for a few seconds.
    template <class Value>
    [[nodiscard]] Result<Value> patiently(const std::function<Result<Value>()>& call);

    const ServerAddress& server_;
    const IngestRequest& request_;
    const IngestObserver& observer_;
    const std::atomic<bool>* stop_;
    const SteadyClock::time_point started_ = SteadyClock::now();
    RemoteApi api_;                // of the caller's thread
    std::deque<Awaited> awaited_;  // of the caller's thread
    std::atomic<bool> halt_{false};
    ProjectId project_{};

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // Guarded by mutex_:
    std::deque<Found> found_;
    bool walking_ = true;
    std::size_t sending_done_ = 0;
    std::vector<Awaited> made_;  // not yet in awaited_
    IngestProgress counts_;
    IngestReport report_;
    std::optional<Error> fatal_;
};

}  // namespace archaeologist::cli
