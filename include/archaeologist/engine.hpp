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
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/backend.hpp"
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
    // Its name in the project: relative, no control characters, each part between slashes 1 to 255 bytes, not "." or "..".
    std::string filename;
    std::string original_filename;  // as its owner called it; empty = filename
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

// A file whose bytes are in the lake already (Engine::lake), to become a source's next version.
struct StoredFile {
    UploadRequest request;
    StoredBlob blob;
};

// Which bytes of a file come now, when it arrives in pieces.
struct Piece {
    std::uint64_t offset = 0;  // at most as many as are there already
    std::uint64_t total_bytes = 0;
};

struct PieceReply {
    std::uint64_t received_bytes = 0;   // durable, from the file's begin
    std::optional<UploadReply> upload;  // once all are there
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
    bool stopped = false;  // before all was stored and processed
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

// Counts of jobs, and how those that ended did. O(projects).
struct JobStats {
    std::int64_t total_jobs = 0;
    std::int64_t pending_jobs = 0;
    std::int64_t queued_jobs = 0;  // those that wait for their time included
    std::int64_t running_jobs = 0;
    std::int64_t completed_jobs = 0;
    std::int64_t failed_jobs = 0;
    std::int64_t cancelled_jobs = 0;
    double avg_duration_seconds = 0;  // of the completed ones, from their last start to their end
    double success_rate = 0;          // completed of completed and failed, 0 to 1; 0 when there are none
};

// What the queue did in one minute.
struct QueueMinute {
    TimePoint at{};           // its begin
    std::int64_t queued = 0;  // accepted, or put back to be tried again
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
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

// A stored chunk of a source's active version.
struct SourceChunk {
    PointId id;
    std::uint32_t ordinal = 0;
    std::string content;  // the core's text
    std::string heading;
    ByteRange byte_range;  // of the core, in the stored normalised text
    LineRange line_range;
};

struct ChunkPage {
    std::vector<SourceChunk> chunks;  // in order
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    bool has_more = false;
};

enum class ContentForm {
    original,  // the latest upload's bytes
    text,      // the active version's normalised text
};

// An empty member changes nothing.
struct ProjectChange {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<ExternalModels> external_models{};
};

struct EventFilter {
    std::int64_t after = 0;  // a cursor: events with a higher id
    std::optional<JobId> job_id{};
    std::optional<ProjectId> project_id{};
    std::size_t limit = 1'000;  // 1 to 1,000
};

struct EventPage {
    std::vector<Event> events;   // oldest first
    std::int64_t oldest_id = 0;  // of all that are kept: who asks for events after one before it has missed some
    std::int64_t newest_id = 0;  // of all; 0 when there was none ever
};

// One thing that `Engine::check` looked at.
struct Check {
    enum class Verdict { good, warning, bad };
    std::string name;  // "data folder", "sqlite", …
    Verdict verdict = Verdict::good;
    std::string found;   // what it is like
    std::string advice;  // what to do; empty when it is good
};

[[nodiscard]] std::string_view to_string(Check::Verdict verdict);
[[nodiscard]] std::string to_json(const JobStats& stats);
[[nodiscard]] std::string to_json(const QueueMinute& minute);
[[nodiscard]] std::string to_json(const WorkerRecord& worker);
[[nodiscard]] std::string to_json(const ChunkPage& page);
[[nodiscard]] std::string to_json(const Check& check);
[[nodiscard]] std::string to_json(const JobPage& page, TimePoint now);
[[nodiscard]] std::string to_json(const SourcePage& page);

class Engine {
public:
    // Opens or makes a data folder. Starts nothing: jobs run in start_workers or ingest.
    // Errors: invalid_argument, permission_denied, incompatible (newer schema, another lake), corrupt, storage_full, io_error.
    [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const Config& config);
    ~Engine();  // drains its workers
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Errors: invalid_argument (name), already_exists.
    [[nodiscard]] Result<Project> create_project(std::string_view name, std::string_view description = {},
                                                 ExternalModels external_models = ExternalModels::allowed);
    // Errors: not_found.
    [[nodiscard]] Result<Project> project(std::string_view name);
    [[nodiscard]] Result<Project> project(ProjectId id);
    [[nodiscard]] Result<std::vector<Project>> projects();
    // Denying external models takes hold at once for all that begins from then on: unfinished jobs are replaced by others, the
    // built-in model takes the place of a server's in the background, and search goes by words until then. Only what a job was
    // sending at that moment goes out. Errors: not_found, invalid_argument, already_exists (the name).
    [[nodiscard]] Result<Project> update_project(ProjectId id, const ProjectChange& change);
    // Its unfinished jobs are cancelled, its sources, chunks and jobs are gone on return; contents stay in the lake. What a
    // worker that has not heard of it yet still stores is swept up by running workers. Errors: not_found.
    [[nodiscard]] Status delete_project(ProjectId id);

    // Stores content and queues its processing; durable on return. A name already known gets its next version; the same
    // content again makes no job. Errors: invalid_argument, not_found (project), too_large, storage_full, io_error.
    [[nodiscard]] Result<UploadReply> upload(const UploadRequest& request, ByteSource& content);

    // The same in two steps, for several files at once: lake().put stores each one's bytes, accept makes them sources
    // with jobs, all or none; durable on return. Replies come in order. With a key, a repetition within 24 h gives what
    // the first call made. At most 10,000 a call. Errors: as upload; invalid_argument when the key came with other files.
    [[nodiscard]] Result<std::vector<UploadReply>> accept(std::span<const StoredFile> files,
                                                          const std::optional<IdempotencyKey>& key = {});

    // Checks a request as upload does, before any byte is taken. Errors: invalid_argument, too_large (metadata), not_found (project).
    [[nodiscard]] Status validate(const UploadRequest& request);

    // A file that arrives in pieces, also over several processes' lives: what arrived stays for 24 h. Pieces belong
    // together when project, filename, user and total_bytes agree; each may repeat bytes that are there, and where it
    // differs it takes the place of them and of all behind. An empty piece asks how many are there. When the content fails
    // in the middle, what came before stays. Durable on return.
    // Errors: as upload; conflict (it begins behind what is there, or another call is adding to the same file).
    [[nodiscard]] Result<PieceReply> upload_piece(const UploadRequest& request, const Piece& piece,
                                                  ByteSource& content);

    // Walks files and folders, stores what is new or changed, processes it here and waits for the end. Files that cannot
    // be read become problems of the report. `stop` set from any thread (or a signal handler): stores no more, gives running
    // jobs the grace time, and returns with what is left pending, which the next ingest or worker continues.
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

    // Jobs of one user, or of all.
    [[nodiscard]] Result<JobStats> job_stats(std::optional<UserId> user = {});
    // The minutes of the last `window` in which something happened, oldest first. At most 7 days are kept.
    // Errors: invalid_argument (window, 1 minute to 7 days).
    [[nodiscard]] Result<std::vector<QueueMinute>> queue_history(std::chrono::minutes window);
    [[nodiscard]] Result<std::vector<WorkerRecord>> workers();

    [[nodiscard]] Result<SourcePage> sources(const SourceFilter& filter);
    // Errors: not_found.
    [[nodiscard]] Result<Source> source(SourceId id);
    // Gone for search and lists at once; its unfinished job is cancelled. The same name may come again, as the next
    // version. Errors: not_found.
    [[nodiscard]] Status delete_source(SourceId id);
    // Replaces the whole. Errors: not_found, invalid_argument (no JSON object), too_large (Limits::metadata_bytes_max).
    [[nodiscard]] Result<Source> set_metadata(SourceId id, std::string_view metadata);
    // Its latest content once more, as the next version. Errors: not_found.
    [[nodiscard]] Result<UploadReply> reprocess(SourceId id, Priority priority = Priority::normal);
    // To be read at one's own pace. Errors: not_found (no such source; of text: nothing to read in it).
    [[nodiscard]] Result<std::unique_ptr<Blob>> content(SourceId id, ContentForm form);
    // Errors: not_found, invalid_argument.
    [[nodiscard]] Result<ChunkPage> chunks(SourceId id, std::int64_t page = 1, std::int64_t per_page = 50);
    // The normalised text of a source's active version. Errors: not_found, too_large.
    [[nodiscard]] Result<std::string> text(SourceId id, std::uint64_t size_max = 64 << 20);

    // Does not wait. At least the newest 200,000 events are kept. Errors: invalid_argument.
    [[nodiscard]] Result<EventPage> events(const EventFilter& filter);

    // Looks at everything the engine stands on, for a person: folder, room, databases, lake, queue, workers. Takes a
    // moment, changes nothing but a file of its own that it removes again.
    [[nodiscard]] std::vector<Check> check();

    // Asks what is elsewhere (a lake on S3) whether it answers, within 3 s; the answer may be a second old. Nothing where all
    // is in the data folder. What is found names hosts: it is for those who run the system.
    [[nodiscard]] std::vector<Check> reach_backends();
    // What was asked of them since the engine was opened.
    [[nodiscard]] std::vector<BackendFigures> backend_figures() const;

    // What start_workers and ingest run for jobs of a type of one's own (queue().enqueue makes such jobs). To be called
    // before them. Errors: invalid_argument (job_type), already_exists, conflict (the workers run).
    [[nodiscard]] Status add_handler(std::string_view job_type, JobHandler handler);

    // Erases from time to time what is deleted, replaced or past its retention; start_workers does so, too. For a process
    // whose jobs others do. Idempotent; stop_workers ends it.
    [[nodiscard]] Status start_upkeep();

    // The built-in worker, on threads of this process. Idempotent. An ingest that runs keeps it until its end.
    [[nodiscard]] Status start_workers();
    void stop_workers();
    [[nodiscard]] std::optional<WorkerStatus> worker_status() const;

    [[nodiscard]] Queue& queue();
    [[nodiscard]] Lake& lake();
    // What is stored here beside the engine's own should be of projects made for it.
    [[nodiscard]] VectorStore& vectors();
    [[nodiscard]] Embedder& embedder();
    [[nodiscard]] const Clock& clock() const;
    [[nodiscard]] const Limits& limits() const;

    class Impl;  // of the library itself

private:
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace archaeologist
