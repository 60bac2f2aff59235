// The whole system in one object: projects, uploads, background processing, search.
//
//   auto engine = archaeologist::Engine::open({.data_dir = "data"});
//   auto report = (*engine)->ingest({.project = "demo", .paths = {"src"}});
//   auto reply  = (*engine)->search({.query = "lease lost"});
//
// Thread-safe: every call from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/config.hpp"
#include "archaeologist/events.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/project.hpp"
#include "archaeologist/result.hpp"
#include "archaeologist/search.hpp"
#include "archaeologist/source.hpp"
#include "archaeologist/worker.hpp"

namespace archaeologist {

enum class IfUnchanged { skip, process_again };

struct UploadRequest {
    ProjectId project_id{};
    std::string filename;  // its name in the project; no empty, "." or ".." part, no NUL, not absolute
    Priority priority = Priority::normal;
    std::chrono::seconds timeout{3600};
    int max_retries = 3;
    std::string metadata = "{}";  // a JSON object
    UserId user_id = local_user;
    IfUnchanged if_unchanged = IfUnchanged::skip;
};

struct UploadReply {
    Source source;
    std::optional<Job> job;  // nothing when the content is unchanged
};

struct IngestRequest {
    std::string project;             // by name; made if new
    std::vector<std::string> paths;  // files and folders
    bool all = false;                // also what .gitignore names, .git, node_modules, …
    Priority priority = Priority::normal;
    IfUnchanged if_unchanged = IfUnchanged::skip;
};

// One path that could not be taken, and why. The rest goes on.
struct IngestProblem {
    std::string path;
    Error error;
};

struct IngestProgress {
    std::uint64_t files_found = 0;   // so far
    std::uint64_t files_stored = 0;  // new or changed, durable and queued
    std::uint64_t files_unchanged = 0;
    std::uint64_t jobs_finished = 0;
    std::uint64_t bytes_found = 0;
    std::uint64_t bytes_stored = 0;
    std::uint64_t bytes_finished = 0;  // of finished jobs
    bool walking = true;               // the totals may still grow
};

struct IngestReport {
    ProjectId project_id{};
    std::uint64_t files = 0;  // seen
    std::uint64_t bytes = 0;
    std::uint64_t unchanged = 0;   // no job made
    std::uint64_t searchable = 0;  // jobs that ended with chunks
    std::uint64_t skipped = 0;     // jobs completed without chunks: unsupported, empty, …
    std::uint64_t failed = 0;      // failed or cancelled jobs
    std::uint64_t pending = 0;     // still to be processed when the call returned (stopped)
    std::uint64_t chunks = 0;
    std::vector<IngestProblem> problems;  // at most 1,000 kept
    std::uint64_t problem_count = 0;
    double seconds = 0;
};

[[nodiscard]] std::string to_json(const IngestReport& report);

// Called from the ingesting thread, at most ten times a second and once at the end.
using IngestObserver = std::function<void(const IngestProgress&)>;

struct JobFilter {
    std::optional<JobStatus> status;
    std::string job_type;
    std::optional<ProjectId> project_id;
    std::int64_t page = 1;       // from 1
    std::int64_t per_page = 50;  // 1 to 1,000
};

struct JobPage {
    std::vector<Job> jobs;  // newest first, without attempts
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    bool has_more = false;
};

struct SourceFilter {
    ProjectId project_id{};
    std::optional<SourceStatus> status;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
};

struct SourcePage {
    std::vector<Source> sources;  // by name
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    bool has_more = false;
};

[[nodiscard]] std::string to_json(const JobPage& page, TimePoint now);
[[nodiscard]] std::string to_json(const SourcePage& page);

class Engine {
public:
    // Opens or makes a data folder. Starts nothing: jobs run in start_workers or ingest.
    // Errors: invalid_argument, permission_denied, incompatible (newer schema), corrupt, storage_full, io_error.
    [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const Config& config);
    ~Engine();  // drains its workers
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Errors: invalid_argument (name), already_exists.
    [[nodiscard]] Result<Project> create_project(std::string_view name, std::string_view description = {});
    // Errors: not_found.
    [[nodiscard]] Result<Project> project(std::string_view name);
    [[nodiscard]] Result<Project> project(ProjectId id);
    [[nodiscard]] Result<std::vector<Project>> projects();

    // Stores content and queues its processing; durable on return. A name already known gets its next version; the same
    // content again makes no job. Errors: invalid_argument, not_found (project), too_large, storage_full, io_error.
    [[nodiscard]] Result<UploadReply> upload(const UploadRequest& request, ByteSource& content);

    // Walks files and folders, stores what is new or changed, processes it here and waits for the end. Files that cannot
    // be read become problems of the report. `stop` set from any thread (or a signal handler): returns soon with what is
    // left pending, which the next ingest or worker continues.
    // Errors: invalid_argument (no path, unknown path), and whatever makes going on pointless (storage_full, io_error).
    [[nodiscard]] Result<IngestReport> ingest(const IngestRequest& request, const IngestObserver& observer = {},
                                              const std::atomic<bool>* stop = nullptr);

    // Errors: invalid_argument, not_found (project).
    [[nodiscard]] Result<SearchReply> search(const SearchRequest& request);

    [[nodiscard]] Result<Job> job(JobId id);
    [[nodiscard]] Result<JobPage> jobs(const JobFilter& filter);
    [[nodiscard]] Status cancel(JobId id);
    // Makes a new job for the source of a finished one (retry_of). Errors: not_found, conflict (not finished).
    [[nodiscard]] Result<Job> retry(JobId id);

    [[nodiscard]] Result<SourcePage> sources(const SourceFilter& filter);
    // The normalised text of a source's active version. Errors: not_found, too_large.
    [[nodiscard]] Result<std::string> text(SourceId id, std::uint64_t size_max = 64 << 20);

    // Events after a cursor, oldest first; at most 1,000.
    [[nodiscard]] Result<std::vector<Event>> events(std::int64_t after, std::size_t limit);

    // What start_workers and ingest run for jobs of a type of one's own (queue().enqueue makes such jobs). To be called
    // before them. Errors: invalid_argument (job_type), already_exists, conflict (the workers run).
    [[nodiscard]] Status add_handler(std::string_view job_type, JobHandler handler);

    // The built-in worker, on threads of this process. Idempotent.
    [[nodiscard]] Status start_workers();
    void stop_workers();
    [[nodiscard]] std::optional<WorkerStatus> worker_status() const;

    [[nodiscard]] Queue& queue();
    [[nodiscard]] Lake& lake();
    [[nodiscard]] const Clock& clock() const;

    class Impl;  // of the library itself

private:
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace archaeologist
