// The queue on the catalog's own job table: what is settled here is settled for everyone, in one transaction.
#pragma once

#include <memory>

#include "archaeologist/queue.hpp"
#include "base/mutex.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {

// Thread-safe. Several processes may have one on the same catalog.
class SqliteQueue final : public Queue {
public:
    // catalog and clock must outlive the queue.
    SqliteQueue(sqlite::Database& catalog, const QueueOptions& options, const Clock& clock, std::uint64_t seed);

    [[nodiscard]] Result<std::vector<JobId>> enqueue(std::span<const NewJob> jobs) override;
    [[nodiscard]] Result<std::vector<Lease>> claim(const ClaimRequest& request,
                                                   std::chrono::milliseconds wait) override;
    [[nodiscard]] Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                        const ClaimRequest& request) override;
    [[nodiscard]] Status settle(const Settlement& settlement) override;
    [[nodiscard]] Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats) override;
    [[nodiscard]] Status cancel(JobId id) override;
    [[nodiscard]] Result<Job> get(JobId id) override;
    [[nodiscard]] Result<QueueStats> stats() override;
    void interrupt() override;

    // Jobs were inserted by somebody else's transaction in this process.
    void wake();

private:
    [[nodiscard]] Status settle_one(sqlite::Connection& tx, const Settlement& settlement);
    [[nodiscard]] Status reap(sqlite::Connection& tx, TimePoint now);
    [[nodiscard]] Result<std::vector<Lease>> claim_ready(sqlite::Connection& tx, const ClaimRequest& request);
    [[nodiscard]] Result<bool> something_ready();

    sqlite::Database& catalog_;
    const QueueOptions options_;
    const Clock& clock_;
    Rng rng_;  // the catalog's writer thread's

    Mutex mutex_;
    Condition changed_;
    std::uint64_t wakes_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::uint64_t interrupts_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

}  // namespace archaeologist
