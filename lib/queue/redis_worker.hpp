// The queue on Redis for workers on hosts that have no catalog: they claim, settle and keep their leases. All that asks for the
// catalog answers `unsupported`.
#pragma once

#include <atomic>
#include <memory>

#include "archaeologist/queue.hpp"
#include "queue/redis/broker.hpp"
#include "redis/client.hpp"

namespace archaeologist {

// Thread-safe.
class RedisWorkerQueue final : public Queue {
public:
    // `identity`: what the worker reaches, by the names that the catalog's process gave it (redis_queue::Identity).
    // client must outlive the queue. Errors: incompatible (the queue is for another lake or store), not_found (no queue of that
    // name), unavailable.
    [[nodiscard]] static Result<std::unique_ptr<RedisWorkerQueue>> open(redis::Client& client,
                                                                        redis_queue::BrokerOptions options,
                                                                        redis_queue::Identity identity);

    [[nodiscard]] Result<std::vector<Lease>> claim(const ClaimRequest& request,
                                                   std::chrono::milliseconds wait) override;
    [[nodiscard]] Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                        const ClaimRequest& request) override;
    [[nodiscard]] Status settle(const Settlement& settlement) override;
    [[nodiscard]] Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats) override;
    [[nodiscard]] Status join(std::string_view worker_id) override;
    void leave(std::string_view worker_id) override;
    [[nodiscard]] Result<std::vector<WorkerRecord>> workers() override;
    void interrupt() override;
    // Without what only the catalog counts: finished and pending jobs, priorities, ages.
    [[nodiscard]] Result<QueueStats> stats() override;

    [[nodiscard]] Result<std::vector<JobId>> enqueue(std::span<const NewJob> jobs) override;
    [[nodiscard]] Result<std::vector<JobId>> enqueue_once(const IdempotencyKey& key,
                                                          std::span<const NewJob> jobs) override;
    [[nodiscard]] Status cancel(JobId id) override;
    [[nodiscard]] Result<JobId> retry(JobId id) override;
    [[nodiscard]] Status remove(JobId id) override;
    [[nodiscard]] Status set_priority(JobId id, Priority priority) override;
    [[nodiscard]] Result<BulkReply> bulk(const JobSelection& selection, BulkAction action,
                                         Priority priority = Priority::normal) override;
    [[nodiscard]] Result<Job> get(JobId id) override;
    [[nodiscard]] Result<Job> wait_for(JobId id, std::chrono::milliseconds wait) override;
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status set_order(const QueueOrder& order) override;
    [[nodiscard]] Status set_limit(const ConcurrencyLimit& limit) override;
    [[nodiscard]] Status remove_limit(const ConcurrencyLimit& limit) override;
    [[nodiscard]] Result<QueueSettings> settings() override;
    [[nodiscard]] Status set_periodic(const PeriodicJob& periodic) override;
    [[nodiscard]] Status remove_periodic(std::string_view name) override;
    [[nodiscard]] Result<std::vector<PeriodicJob>> periodic() override;
    // Nothing to do: the catalog's process forgets.
    [[nodiscard]] Result<std::int64_t> sweep() override;

private:
    RedisWorkerQueue(redis::Client& client, redis_queue::BrokerOptions options, redis_queue::Identity identity)
        : broker_(client, std::move(options)), identity_(std::move(identity)) {}
    [[nodiscard]] Status check_identity();
    // Redis may have lost the queue and got it again, of whatever catalog: nothing is claimed before that is known.
    [[nodiscard]] Status check_again();
    template <class Reply>
    [[nodiscard]] Reply watched(Reply reply);

    redis_queue::Broker broker_;
    const redis_queue::Identity identity_;
    std::atomic<bool> must_check_ = false;
};

}  // namespace archaeologist
