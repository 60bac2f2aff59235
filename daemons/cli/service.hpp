// What the commands need of an archaeologist: an engine on a data folder of this machine, or a server. Every function's
// contract and errors are those of Engine and Queue; a remote one also fails as unavailable (the server cannot be
// reached), permission_denied (the key), or incompatible (what answers is no archaeologist-httpd).
#pragma once

#include <atomic>
#include <chrono>
#include <string_view>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

// One thread at a time.
class Service {
public:
    virtual ~Service() = default;

    [[nodiscard]] virtual Result<Project> create_project(std::string_view name, std::string_view description,
                                                         ExternalModels external_models) = 0;
    [[nodiscard]] virtual Result<Project> update_project(ProjectId id, const ProjectChange& change) = 0;
    [[nodiscard]] virtual Result<Project> project(std::string_view name) = 0;
    [[nodiscard]] virtual Result<std::vector<Project>> projects() = 0;
    [[nodiscard]] virtual Status delete_project(ProjectId id) = 0;

    [[nodiscard]] virtual Result<IngestReport> ingest(const IngestRequest& request, const IngestObserver& observer,
                                                      const std::atomic<bool>* stop) = 0;
    [[nodiscard]] virtual Result<SearchReply> search(const SearchRequest& request) = 0;
    [[nodiscard]] virtual Result<SourcePage> sources(const SourceFilter& filter) = 0;
    // These also fail as not_found when the source is of another project.
    [[nodiscard]] virtual Result<Source> source(ProjectId project, SourceId id) = 0;
    [[nodiscard]] virtual Status delete_source(ProjectId project, SourceId id) = 0;
    // The new job.
    [[nodiscard]] virtual Result<Job> reprocess(ProjectId project, SourceId id, Priority priority) = 0;

    [[nodiscard]] virtual Result<Job> job(JobId id) = 0;
    [[nodiscard]] virtual Result<JobPage> jobs(const JobFilter& filter) = 0;
    [[nodiscard]] virtual Status cancel(JobId id) = 0;
    [[nodiscard]] virtual Result<Job> retry(JobId id) = 0;
    [[nodiscard]] virtual Status remove(JobId id) = 0;
    [[nodiscard]] virtual Result<BulkReply> bulk(const JobSelection& selection, BulkAction action) = 0;
    // To be called again and again with short waits: a remote one asks its server less and less often meanwhile.
    [[nodiscard]] virtual Result<Job> wait_for(JobId id, std::chrono::milliseconds wait) = 0;

    [[nodiscard]] virtual Result<QueueStats> queue_stats() = 0;
    [[nodiscard]] virtual Status pause_queue() = 0;
    [[nodiscard]] virtual Status resume_queue() = 0;

    // Jobs run here too until end_work. Nothing where the work is a server's.
    [[nodiscard]] virtual Status begin_work() = 0;
    virtual void end_work() = 0;

    [[nodiscard]] virtual Result<std::vector<Check>> check() = 0;
    // By the clock that the jobs' times are from.
    [[nodiscard]] virtual TimePoint now() = 0;
};

}  // namespace archaeologist::cli
