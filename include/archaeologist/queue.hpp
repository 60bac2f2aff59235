// The job queue's contract. Implementations: SQLite (default), memory (the oracle of the tests), Redis (later).
// All promise the same, which tests/contract/queue_contract.cpp holds them to:
//   - an accepted job is never lost, and ends exactly once;
//   - every claim gives the job a new epoch that never repeats; a write that names an older epoch is refused (lease_lost);
//   - a finished state is final; cancel wins over retry and completion.
// Thread-safe: every call from any thread.
#pragma once

#include <chrono>
#include <cstdint>
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

// One line of a heartbeat: renews a lease and carries its progress.
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
};

[[nodiscard]] std::string to_json(const QueueStats& stats);

struct QueueOptions {
    std::chrono::milliseconds lease{10'000};
    std::chrono::milliseconds backoff_base{1'000};
    std::chrono::milliseconds backoff_cap{600'000};
};

class Queue {
public:
    virtual ~Queue() = default;

    // Accepts jobs, all or none; durable on return. At most 10,000 a call. Ids come back in order.
    // Errors: invalid_argument, unavailable, storage_full.
    [[nodiscard]] virtual Result<std::vector<JobId>> enqueue(std::span<const NewJob> jobs) = 0;

    // Leases the best ready jobs. Blocks up to `wait`; an empty vector means nothing was ready.
    [[nodiscard]] virtual Result<std::vector<Lease>> claim(const ClaimRequest& request,
                                                           std::chrono::milliseconds wait) = 0;

    // Settles and claims in one transaction, which is what a busy worker does all day. At most 256 settlements; does not
    // wait for jobs.
    [[nodiscard]] virtual Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                                const ClaimRequest& request) = 0;

    // Ends an attempt. Errors: lease_lost (stale epoch, or the job is finished), not_found.
    [[nodiscard]] virtual Status settle(const Settlement& settlement) = 0;

    // Renews all leases a worker holds and writes their progress, in one call.
    [[nodiscard]] virtual Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats) = 0;

    // Durable at once; a running job's worker learns of it from its next heartbeat. Cancels a batch's children too.
    // Errors: not_found, conflict (already finished).
    [[nodiscard]] virtual Status cancel(JobId id) = 0;

    // Errors: not_found.
    [[nodiscard]] virtual Result<Job> get(JobId id) = 0;

    [[nodiscard]] virtual Result<QueueStats> stats() = 0;

    // Makes claims that wait return early, for a draining worker.
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
