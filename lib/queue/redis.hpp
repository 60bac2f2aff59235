// The queue on Redis, for many hosts. The catalog stays the truth: it accepts jobs, and what Redis loses is handed over again
// from it. Redis orders, leases and settles (redis/layout.hpp).
//
//   accepted   catalog: a pending job and its line in the outbox, one transaction   relay ──▶ Redis, marked queued
//   running    Redis alone knows at first                                           recorder ──▶ catalog, within 100 ms
//   ended      Redis keeps it until the catalog has it                              recorder ──▶ catalog, then acknowledged
//
// settle() waits for the catalog; finish_claim() does not, so that Redis's data must be lost between a result's acceptance and
// its recording, some milliseconds later, for a job to run a second time. Its epoch is a later one then.
//
// While Redis is away jobs are accepted and wait in the outbox; claims say unavailable; all heals by itself.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "archaeologist/queue.hpp"
#include "base/log.hpp"
#include "queue/catalog_queue.hpp"
#include "queue/redis/broker.hpp"
#include "queue/redis/handed.hpp"
#include "queue/redis/leader.hpp"
#include "queue/redis/relay.hpp"
#include "queue/redis/rounds.hpp"
#include "queue/sqlite.hpp"
#include "redis/client.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {

struct RedisQueueOptions {
    redis_queue::BrokerOptions broker{};
    Logger log{};                      // told when Redis goes away, why, and when it is back
    redis_queue::Identity identity{};  // of lake, vector store and model: what workers must reach, too
};

// For the processes that have the catalog. Thread-safe; several processes may have one on the same catalog.
class RedisQueue final : public CatalogQueue {
public:
    // How long a caller waits for the other side before it is answered all the same.
    static constexpr std::chrono::milliseconds hand_over_max{2'000};

    // Turns the catalog's queue over to Redis, which need not be there yet. catalog, client and clock must outlive the queue.
    // `run_dir` is where the processes of the data folder see each other; empty = this is the only one.
    [[nodiscard]] static Result<std::unique_ptr<RedisQueue>> open(sqlite::Database& catalog, redis::Client& client,
                                                                  RedisQueueOptions options, const Clock& clock,
                                                                  std::uint64_t seed, const std::string& run_dir = {});
    ~RedisQueue() override;

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

    // For who writes jobs in transactions of his own: hands over what is in the outbox.
    void wake_all() override;

private:
    RedisQueue(sqlite::Database& catalog, redis::Client& client, RedisQueueOptions options, const Clock& clock,
               std::uint64_t seed, const std::string& run_dir);
    void start();
    void note_redis(const Status& told);
    [[nodiscard]] Status relay_round(redis_queue::Rounds::Cause cause);
    [[nodiscard]] Status record_round(redis_queue::Rounds::Cause cause);
    [[nodiscard]] Status tell_redis();
    [[nodiscard]] Status check_incarnation();
    [[nodiscard]] Status compare_some();
    // Until Redis has what the catalog said last, unless Redis is away.
    void hand_over();
    // New jobs are accepted; the relay sees to the rest.
    template <class Reply>
    [[nodiscard]] Reply and_ask(Reply reply) {
        if (!reply) return reply;
        handed_.note_written(reply->size());
        relay_->ask();
        if (!degraded_) handed_.wait_for_room(hand_over_max);
        return reply;
    }
    // Until Redis and the catalog have what the other one said last, unless Redis is away.
    void catch_up(std::chrono::milliseconds wait_max);
    // The reply of something that changed the catalog, once Redis knows of it.
    template <class Reply>
    [[nodiscard]] Reply and_tell(Reply reply) {
        if (reply) hand_over();
        return reply;
    }
    [[nodiscard]] Status make_periodic();
    [[nodiscard]] Status read_next_periodic();
    [[nodiscard]] Status with_catalog(Status settled, const Settlement& settlement);
    // Calls again once the incarnation is there that it missed.
    template <class Call>
    [[nodiscard]] auto on_redis(Call call) -> decltype(call());

    sqlite::Database& catalog_;
    const Clock& clock_;
    const RedisQueueOptions options_;
    const std::string ensure_lock_path_;
    SqliteQueue desk_;  // everything the catalog does by itself
    redis_queue::Broker broker_;
    redis_queue::Leader leader_;
    redis_queue::Handed handed_;
    std::atomic<bool> degraded_ = false;
    std::atomic<bool> is_away_ = false;    // not so when it is full, and what is recorded makes room
    std::atomic<bool> wants_all_ = false;  // the next round of the recorder also tells of what has just started
    std::atomic<bool> is_lost_ = false;    // Redis was seen to hold another incarnation, or none
    std::atomic<std::int64_t> next_periodic_ms_ = 0;
    std::string reason_;  // why Redis is away, as was logged; the relay's, as the next three
    std::chrono::steady_clock::time_point compared_at_{};
    JobId compared_to_;
    redis_queue::Listing listed_to_;
    std::unique_ptr<redis_queue::Rounds> relay_;
    std::unique_ptr<redis_queue::Rounds> recorder_;
};

}  // namespace archaeologist
