// The job queue's contract. Implementations: SQLite (default), memory (the oracle of the tests), Redis (later).
// All promise the same, which tests/contract/queue_contract.cpp holds them to:
//   - an accepted job is never lost, and ends exactly once;
//   - every claim gives the job a new epoch that never repeats; a write that names an older epoch is refused (lease_lost);
//   - a finished state is final; cancel wins over retry and completion.
// Thread-safe: every call from any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "archaeologist/job.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// The right to run one job until `lease_until`, extended by heartbeats, never past `deadline`.
struct Lease {
    JobId id;
    std::uint64_t epoch = 0;
    std::string worker_id;
    std::string job_type;
    ProjectId project_id{};
    UserId user_id = local_user;
    std::optional<SourceId> source_id;
    Priority priority = Priority::normal;
    std::string job_data;  // JSON
    int retry_count = 0;   // retries already spent
    int attempt = 1;       // 1 for the first claim
    TimePoint lease_until{};
    TimePoint deadline{};
};

struct ClaimRequest {
    std::string worker_id;
    int limit = 1;                       // 1 to 256, at most the number of free slots; in finish_claim also 0
    std::vector<std::string> job_types;  // empty = all; at most 64
};

// How an attempt ended.
struct Completed {
    std::string result_data = "{}";
};  // a JSON object
struct Failed {
    std::string message;
    bool permanent = false;
};                   // retriable ones go back with backoff
struct Released {};  // handed back unfinished; spends no retry
struct Delayed {
    std::string message;
    std::chrono::milliseconds wait{0};
};  // rate limit or outage; spends no retry
struct Expanded {
    std::vector<NewJob> children;
};  // a batch: ends with its last child
using Outcome = std::variant<Completed, Failed, Released, Delayed, Expanded>;

struct Settlement {
    JobId id;
    std::uint64_t epoch = 0;
    std::string worker_id;
    Outcome outcome;
};

[[nodiscard]] inline Settlement settlement_of(const Lease& lease, Outcome outcome) {
    return {lease.id, lease.epoch, lease.worker_id, std::move(outcome)};
}

// One line of a heartbeat, at most one a job: renews a lease and carries its progress.
struct Beat {
    JobId id;
    std::uint64_t epoch = 0;
    std::int64_t progress_current = 0;
    std::int64_t progress_total = 0;
    std::string progress_message;
};

struct HeartbeatReply {
    std::vector<JobId> lost;       // no longer yours: stop, write nothing more
    std::vector<JobId> cancelled;  // stop; whatever you settle, the job is cancelled
};

struct FinishClaimReply {
    std::vector<Status> settled;  // one for each settlement, in order
    std::vector<Lease> claimed;
};

// At most 10,000 due jobs whose time came while no worker claimed are counted as queued, further ones as scheduled.
struct QueueStats {
    std::int64_t queued = 0;     // waiting and due
    std::int64_t scheduled = 0;  // waiting for their time
    std::int64_t running = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
    std::int64_t pending = 0;
    std::array<std::int64_t, 4> by_priority{};  // queued, indexed by Priority
    double oldest_queued_seconds = 0;
    std::int64_t workers = 0;  // that joined and live
    bool paused = false;
    bool degraded = false;          // a backend is down; jobs are accepted and wait
    std::int64_t outbox_depth = 0;  // accepted, and not yet handed to a queue elsewhere
};

[[nodiscard]] std::string to_json(const QueueStats& stats);

// How long finished jobs are kept; 0 = for ever.
struct Retention {
    std::chrono::hours completed{30 * 24};
    std::chrono::hours cancelled{30 * 24};
    std::chrono::hours failed{90 * 24};
};

struct QueueOptions {
    std::chrono::milliseconds lease{10'000};
    std::chrono::milliseconds backoff_base{1'000};
    std::chrono::milliseconds backoff_cap{600'000};
    Retention retention{};
};

// How jobs are ordered; kept by the queue, for all processes.
struct QueueOrder {
    HeadStarts head_starts{};             // HeadStarts::strict() for bands
    std::chrono::milliseconds share{20};  // by how much each job puts off its project's next; 0 = no fairness
};

// At most `running_max` jobs of one project, or of one job type, run at once.
struct ConcurrencyLimit {
    std::optional<ProjectId> project_id;  // exactly one of project_id and job_type
    std::string job_type;
    std::int64_t running_max = 0;  // 0 = none is started
};

struct QueueSettings {
    bool paused = false;
    QueueOrder order{};
    std::vector<ConcurrencyLimit> limits;
};

[[nodiscard]] std::string to_json(const QueueSettings& settings);

// A job made again and again. A moment that passed while nothing claimed makes one job, not one for each moment missed;
// several processes make no more than one.
struct PeriodicJob {
    std::string name;  // 1 to 200 bytes, unique
    std::string
        cron;    // "minute hour day month weekday" in UTC (crontab(5)), or @hourly, @daily, @weekly, @monthly, @yearly
    NewJob job;  // without id, parent_id, retry_of and scheduled_at
    std::optional<TimePoint> next_at;  // of what the queue lists
};

[[nodiscard]] std::string to_json(const PeriodicJob& periodic);

// Which jobs a bulk action means: those that fit every member that is given. One at least must be.
struct JobSelection {
    std::vector<JobId> ids;  // at most 10,000
    std::optional<JobStatus> status;
    std::string job_type;
    std::optional<ProjectId> project_id;
};

enum class BulkAction : std::uint8_t { cancel, retry, remove, set_priority };

struct BulkReply {
    std::int64_t changed = 0;
    std::int64_t refused = 0;  // found, but in no state for it; for retry also: retried before
};

[[nodiscard]] std::string to_json(const BulkReply& reply);

// Makes an enqueue safe to repeat: within 24 h the same key gives the first call's ids.
struct IdempotencyKey {
    UserId user_id = local_user;
    std::string route;  // what the key is for; keys of other routes are other keys
    std::string key;    // 1 to 255 bytes
};

// A worker that joined and lives, in whatever process or host.
struct WorkerRecord {
    std::string worker_id;
    std::optional<TimePoint> joined_at;  // nothing: on another host, of which only Redis knows
    std::int64_t running = 0;            // leases it holds
};

class Queue {
public:
    virtual ~Queue() = default;

    // Accepts jobs, all or none; durable on return. At most 10,000 a call. Ids come back in order.
    // Errors: invalid_argument, unavailable, storage_full.
    [[nodiscard]] virtual Result<std::vector<JobId>> enqueue(std::span<const NewJob> jobs) = 0;

    // The same, once for each key. Errors: also invalid_argument when the key came with other jobs before.
    [[nodiscard]] virtual Result<std::vector<JobId>> enqueue_once(const IdempotencyKey& key,
                                                                  std::span<const NewJob> jobs) = 0;

    // Leases the best ready jobs. Blocks up to `wait`; an empty vector means nothing was ready.
    [[nodiscard]] virtual Result<std::vector<Lease>> claim(const ClaimRequest& request,
                                                           std::chrono::milliseconds wait) = 0;

    // Settles and claims in one transaction, which is what a busy worker does all day. At most 256 settlements; does not
    // wait for jobs.
    [[nodiscard]] virtual Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                                const ClaimRequest& request) = 0;

    // Ends an attempt. Errors: lease_lost (stale epoch, or the job is finished), not_found.
    [[nodiscard]] virtual Status settle(const Settlement& settlement) = 0;

    // Renews the leases named, which a worker holds, and writes their progress, in one call.
    [[nodiscard]] virtual Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats) = 0;

    // Durable at once; a running job's worker learns of it from its next heartbeat. Cancels a batch's children too.
    // Errors: not_found, conflict (already finished).
    [[nodiscard]] virtual Status cancel(JobId id) = 0;

    // A new job like a finished one, with `retry_of`; its id. A batch's children are not made again: its handler does that.
    // Errors: not_found, conflict (not finished).
    [[nodiscard]] virtual Result<JobId> retry(JobId id) = 0;

    // Forgets a finished job and, of a batch, its children. Errors: not_found, conflict (it or a child is not finished).
    [[nodiscard]] virtual Status remove(JobId id) = 0;

    // Until it runs. Errors: not_found, conflict (running or finished).
    [[nodiscard]] virtual Status set_priority(JobId id, Priority priority) = 0;

    // The same for many, in transactions of at most 1,000 jobs; not atomic as a whole, and safe to repeat. `priority` is
    // that of set_priority. Errors: invalid_argument (empty selection).
    [[nodiscard]] virtual Result<BulkReply> bulk(const JobSelection& selection, BulkAction action,
                                                 Priority priority = Priority::normal) = 0;

    // Errors: not_found.
    [[nodiscard]] virtual Result<Job> get(JobId id) = 0;

    // The job once it is finished, or as it is after `wait`. Errors: not_found.
    [[nodiscard]] virtual Result<Job> wait_for(JobId id, std::chrono::milliseconds wait) = 0;

    [[nodiscard]] virtual Result<QueueStats> stats() = 0;

    // Paused, nothing is claimed; what runs goes on. Idempotent, durable, for all processes.
    [[nodiscard]] virtual Status pause() = 0;
    [[nodiscard]] virtual Status resume() = 0;

    // Errors: conflict (the queue has unfinished jobs, whose scores are computed), invalid_argument.
    [[nodiscard]] virtual Status set_order(const QueueOrder& order) = 0;

    // Sets or replaces a limit; jobs that run already go on. At most 1,000 limits. Errors: invalid_argument.
    [[nodiscard]] virtual Status set_limit(const ConcurrencyLimit& limit) = 0;
    // running_max is ignored. Errors: not_found.
    [[nodiscard]] virtual Status remove_limit(const ConcurrencyLimit& limit) = 0;

    [[nodiscard]] virtual Result<QueueSettings> settings() = 0;

    // Adds or replaces one by its name. At most 1,000. Errors: invalid_argument.
    [[nodiscard]] virtual Status set_periodic(const PeriodicJob& periodic) = 0;
    // Errors: not_found.
    [[nodiscard]] virtual Status remove_periodic(std::string_view name) = 0;
    [[nodiscard]] virtual Result<std::vector<PeriodicJob>> periodic() = 0;

    // A worker shows itself, so that its leases end at once when its process dies. Claims do not ask for it.
    // Errors: conflict (a live worker has the id).
    [[nodiscard]] virtual Status join(std::string_view worker_id) = 0;
    // Its leases end as usual. Idempotent.
    virtual void leave(std::string_view worker_id) = 0;
    // By id. O(running jobs).
    [[nodiscard]] virtual Result<std::vector<WorkerRecord>> workers() = 0;

    // Forgets finished jobs past their retention; looks at a bounded number and goes on from there the next time.
    // Returns how many it forgot.
    [[nodiscard]] virtual Result<std::int64_t> sweep() = 0;

    // Has `watcher` called, on any thread, when there may be something new to claim: a hint, for who waits for other things, too.
    // A queue elsewhere may not hear of everything, and a job's time comes without a call: look now and then. It must
    // return at once and not call the queue. One at a time; an empty one ends it, and when watch returns, the last one is called
    // no more.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): others keep it
    virtual void watch([[maybe_unused]] std::function<void()> watcher) {}

    // Makes claims and wait_for that wait return early, for a draining worker.
    virtual void interrupt() = 0;

    [[nodiscard]] Status complete(const Lease& lease, std::string result_data = "{}") {
        return settle(settlement_of(lease, Completed{std::move(result_data)}));
    }
    [[nodiscard]] Status fail(const Lease& lease, Failed failure) {
        return settle(settlement_of(lease, std::move(failure)));
    }
    [[nodiscard]] Status release(const Lease& lease) { return settle(settlement_of(lease, Released{})); }
};

}  // namespace archaeologist
