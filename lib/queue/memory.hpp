// The queue in memory: the oracle that other queues are compared with, and the queue of tests. Nothing outlives it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "archaeologist/queue.hpp"
#include "base/mutex.hpp"
#include "queue/pick.hpp"
#include "queue/settle.hpp"

namespace archaeologist {

// The clock must outlive the queue; `seed` makes the backoff repeatable. A claim that waits does so in real time, and
// looks again when something was enqueued or settled.
class MemoryQueue final : public Queue {
public:
    MemoryQueue(const QueueOptions& options, const Clock& clock, std::uint64_t seed);

    [[nodiscard]] Result<std::vector<JobId>> enqueue(std::span<const NewJob> jobs) override;
    [[nodiscard]] Result<std::vector<JobId>> enqueue_once(const IdempotencyKey& key,
                                                          std::span<const NewJob> jobs) override;
    [[nodiscard]] Result<std::vector<Lease>> claim(const ClaimRequest& request,
                                                   std::chrono::milliseconds wait) override;
    [[nodiscard]] Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                        const ClaimRequest& request) override;
    [[nodiscard]] Status settle(const Settlement& settlement) override;
    [[nodiscard]] Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats) override;
    [[nodiscard]] Status cancel(JobId id) override;
    [[nodiscard]] Result<JobId> retry(JobId id) override;
    [[nodiscard]] Status remove(JobId id) override;
    [[nodiscard]] Status set_priority(JobId id, Priority priority) override;
    [[nodiscard]] Result<BulkReply> bulk(const JobSelection& selection, BulkAction action, Priority priority) override;
    [[nodiscard]] Result<Job> get(JobId id) override;
    [[nodiscard]] Result<Job> wait_for(JobId id, std::chrono::milliseconds wait) override;
    [[nodiscard]] Result<QueueStats> stats() override;
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status set_order(const QueueOrder& order) override;
    [[nodiscard]] Status set_limit(const ConcurrencyLimit& limit) override;
    [[nodiscard]] Status remove_limit(const ConcurrencyLimit& limit) override;
    [[nodiscard]] Result<QueueSettings> settings() override;
    [[nodiscard]] Status set_periodic(const PeriodicJob& periodic) override;
    [[nodiscard]] Status remove_periodic(std::string_view name) override;
    [[nodiscard]] Result<std::vector<PeriodicJob>> periodic() override;
    [[nodiscard]] Status join(std::string_view worker_id) override;
    void leave(std::string_view worker_id) override;
    [[nodiscard]] Result<std::vector<WorkerRecord>> workers() override;
    [[nodiscard]] Result<std::int64_t> sweep() override;
    void interrupt() override;

private:
    struct Record {
        Job job;  // status is that of `state`
        State state = State::queued;
        std::int64_t score = 0;
        int crash_count = 0;
        int claims = 0;
        std::optional<TimePoint> run_at;  // while queued: not before
        TimePoint lease_until{};          // while running
        TimePoint deadline{};             // while running
        std::vector<JobId> children;
        std::int64_t unfinished_children = 0;
        std::string reserved_for;  // a suspect's
        TimePoint reserved_until{};
        bool has_retry = false;
    };
    struct Once {
        std::string fingerprint;
        std::vector<JobId> ids;
        TimePoint forgotten_at{};
    };
    template <class Key>
    using Ordered = std::set<std::pair<Key, JobId>>;

    [[nodiscard]] Status check_parents(std::span<const NewJob> jobs) ARCHAEO_REQUIRES(mutex_);
    JobId insert(const NewJob& wanted) ARCHAEO_REQUIRES(mutex_);
    void put_in_order(const Record& record) ARCHAEO_REQUIRES(mutex_);
    void take_out_of_order(const Record& record) ARCHAEO_REQUIRES(mutex_);
    void promote_due(TimePoint now) ARCHAEO_REQUIRES(mutex_);
    void reap_expired(TimePoint now) ARCHAEO_REQUIRES(mutex_);
    void make_periodic(TimePoint now) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Picker picker(const ClaimRequest& request) const ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Verdict judge(Picker& picker, const Record& record, std::string_view worker_id, TimePoint now) const
        ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] std::vector<Lease> claim_ready(const ClaimRequest& request) ARCHAEO_REQUIRES(mutex_);
    Lease start(Record& record, std::string_view worker_id, TimePoint now) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Status settle_one(const Settlement& settlement) ARCHAEO_REQUIRES(mutex_);
    void apply(Record& record, const Decision& decision, TimePoint now) ARCHAEO_REQUIRES(mutex_);
    void expand(Record& parent, const Expanded& expanded) ARCHAEO_REQUIRES(mutex_);
    void finish(Record& record, State state, TimePoint now) ARCHAEO_REQUIRES(mutex_);
    void cancel_tree(Record& record) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Status remove_tree(JobId id) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Status reprioritise(JobId id, Priority priority) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Result<JobId> retry_one(JobId id) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Status change(JobId id, BulkAction action, Priority priority) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] bool is_past_retention(const Record& record, TimePoint now) const ARCHAEO_REQUIRES(mutex_);
    void cancel_one(Record& record, TimePoint now) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] ChildCounts count_children(const Record& parent) const ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] std::chrono::milliseconds till_next_change() const ARCHAEO_REQUIRES(mutex_);
    void beat(const Beat& beat, std::string_view worker_id, HeartbeatReply& reply) ARCHAEO_REQUIRES(mutex_);

    const QueueOptions options_;
    const Clock& clock_;
    Mutex mutex_;
    Condition changed_;
    Rng rng_ ARCHAEO_GUARDED_BY(mutex_);
    std::uint64_t epoch_ ARCHAEO_GUARDED_BY(mutex_) = 0;  // the last one given; of the whole queue, so none repeats
    std::uint64_t interrupts_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::unordered_map<JobId, Record, UuidHash> records_ ARCHAEO_GUARDED_BY(mutex_);
    QueueSettings settings_ ARCHAEO_GUARDED_BY(mutex_);
    std::map<std::string, PeriodicJob, std::less<>> periodic_ ARCHAEO_GUARDED_BY(mutex_);
    std::map<std::tuple<UserId, std::string, std::string>, Once> once_ ARCHAEO_GUARDED_BY(mutex_);
    std::map<std::string, TimePoint, std::less<>> workers_ ARCHAEO_GUARDED_BY(mutex_);
    std::map<ProjectId, std::int64_t> fair_ms_ ARCHAEO_GUARDED_BY(mutex_);
    // Every queued job is in exactly one of the first two, every running one in the third.
    Ordered<std::int64_t> ready_ ARCHAEO_GUARDED_BY(mutex_);   // by score
    Ordered<TimePoint> scheduled_ ARCHAEO_GUARDED_BY(mutex_);  // by run_at
    Ordered<TimePoint> leases_ ARCHAEO_GUARDED_BY(mutex_);     // by lease_until
};

}  // namespace archaeologist
