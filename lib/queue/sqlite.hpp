// The queue on the catalog's own job table: what is settled here is settled for everyone, in one transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "archaeologist/queue.hpp"
#include "base/mutex.hpp"
#include "queue/catalog_queue.hpp"
#include "queue/sqlite/neighbours.hpp"
#include "queue/sqlite/waker.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {
namespace sqlite_queue {
struct Row;
}

// Thread-safe. Several processes may have one on the same catalog.
class SqliteQueue final : public CatalogQueue {
public:
    // catalog and clock must outlive the queue. `run_dir` is where the processes of the data folder see each other; empty
    // = this is the only one.
    SqliteQueue(sqlite::Database& catalog, const QueueOptions& options, const Clock& clock, std::uint64_t seed,
                std::string run_dir = {});
    ~SqliteQueue() override;

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
    [[nodiscard]] Result<BulkReply> bulk(const JobSelection& selection, BulkAction action,
                                         Priority priority = Priority::normal) override;
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
    void watch(std::function<void()> watcher) override;

    // Tells the claims that wait, here and in other processes, that there may be something: for who inserts jobs in
    // transactions of his own.
    void wake_all() override;

private:
    // Ends an attempt whose lease holds. When it fails it may have written some of it.
    [[nodiscard]] Status end(sqlite::Connection& tx, const sqlite_queue::Row& row, const Settlement& settlement);
    // The same, and leaves nothing behind when it fails.
    [[nodiscard]] Status end_apart(sqlite::Connection& tx, const sqlite_queue::Row& row, const Settlement& settlement);
    [[nodiscard]] Result<std::vector<Lease>> claim_now(sqlite::Connection& tx, const ClaimRequest& request);
    [[nodiscard]] Result<bool> something_ready();
    [[nodiscard]] Result<bool> has_finished(JobId id);
    // Puts back the jobs of a dead process's workers, and forgets them.
    [[nodiscard]] Status take_over(sqlite::Connection& tx, const std::string& process);
    [[nodiscard]] Status take_over_the_dead(const sqlite::Neighbours& neighbours);
    sqlite::Neighbours::After on_death(const std::string& process);
    // The queue's part in run/; null without a run_dir. Made when somebody first claims or joins.
    [[nodiscard]] Result<sqlite::Neighbours*> neighbours();
    // Tells the claims that wait in this process.
    void wake();
    // Returns when somebody woke it after `wakes` was read, when `until` or the next look is due, or interrupted.
    void wait_for_wake(std::uint64_t wakes, std::chrono::steady_clock::time_point until);
    struct Seen {
        std::uint64_t wakes = 0;
        std::uint64_t interrupts = 0;
    };
    [[nodiscard]] Seen seen();
    template <class Change>
    [[nodiscard]] auto write_and_wake(Change change) {
        auto reply = catalog_.write(change);
        if (reply) wake_all();
        return reply;
    }

    sqlite::Database& catalog_;
    const QueueOptions options_;
    const Clock& clock_;
    const std::string run_dir_;
    Rng rng_;  // the catalog's writer thread's

    Mutex mutex_;
    Condition changed_;
    Seen seen_ ARCHAEO_GUARDED_BY(mutex_);
    std::function<void()> watcher_ ARCHAEO_GUARDED_BY(mutex_);

    Mutex sweep_mutex_;
    JobId swept_to_ ARCHAEO_GUARDED_BY(sweep_mutex_);

    std::unique_ptr<sqlite::Waker> waker_;  // null without a run_dir
    Mutex neighbours_mutex_;
    std::unique_ptr<sqlite::Neighbours> neighbours_ ARCHAEO_GUARDED_BY(neighbours_mutex_);
};

}  // namespace archaeologist
