#include "queue/redis_worker.hpp"

#include "queue/requests.hpp"

namespace archaeologist {
namespace {

Error needs_catalog(std::string_view what) {
    return {Code::unsupported,
            "queue: " + std::string(what) + " needs the catalog, which this host does not have; ask httpd"};
}

}  // namespace

Result<std::unique_ptr<RedisWorkerQueue>> RedisWorkerQueue::open(redis::Client& client,
                                                                 redis_queue::BrokerOptions options,
                                                                 redis_queue::Identity identity) {
    std::unique_ptr<RedisWorkerQueue> queue(new RedisWorkerQueue(client, std::move(options), std::move(identity)));
    ARCHAEO_TRY(queue->check_identity());
    return queue;
}

Status RedisWorkerQueue::check_identity() {
    ARCHAEO_ASSIGN(const auto found, broker_.identity());
    const auto shards = found.find("shards");
    const std::string own_shards = std::to_string(broker_.options().shards);
    if (shards != found.end() && shards->second != own_shards) {
        return Error{Code::incompatible,
                     "queue: shards is " + own_shards + " here, and " + shards->second + " in Redis; must be the same"};
    }
    for (const auto& [field, value] : identity_) {
        const auto theirs = found.find(field);
        if (theirs != found.end() && theirs->second == value) continue;
        std::string message = "queue: " + field;
        message.append(" is \"").append(value).append("\" here, and \"");
        message.append(theirs == found.end() ? "" : theirs->second)
            .append("\" where the jobs come from; must be the same");
        return Error{Code::incompatible, std::move(message)};
    }
    return {};
}

Status RedisWorkerQueue::check_again() {
    if (!must_check_) return {};
    Status checked = check_identity();
    if (checked) must_check_ = false;
    if (checked || checked.error().code != Code::not_found) return checked;
    return Error{Code::unavailable, checked.error().message};
}

template <class Reply>
Reply RedisWorkerQueue::watched(Reply reply) {
    if (reply || reply.error().code != Code::incompatible) return reply;
    must_check_ = true;
    return Error{Code::unavailable, reply.error().message};
}

Result<std::vector<Lease>> RedisWorkerQueue::claim(const ClaimRequest& request, std::chrono::milliseconds wait) {
    ARCHAEO_TRY(check_again());
    return watched(broker_.claim(request, wait));
}

Result<FinishClaimReply> RedisWorkerQueue::finish_claim(std::span<const Settlement> settlements,
                                                        const ClaimRequest& request) {
    ARCHAEO_TRY(check_again());
    return watched(broker_.finish_claim(settlements, request));
}

Status RedisWorkerQueue::settle(const Settlement& settlement) { return watched(broker_.settle(settlement)); }

Result<HeartbeatReply> RedisWorkerQueue::heartbeat(std::string_view worker_id, std::span<const Beat> beats) {
    return watched(broker_.heartbeat(worker_id, beats));
}

Status RedisWorkerQueue::join(std::string_view worker_id) { return watched(broker_.join(worker_id)); }

void RedisWorkerQueue::leave(std::string_view worker_id) { broker_.leave(worker_id); }

Result<std::vector<WorkerRecord>> RedisWorkerQueue::workers() { return watched(broker_.workers()); }

void RedisWorkerQueue::interrupt() { broker_.interrupt(); }

Result<QueueStats> RedisWorkerQueue::stats() {
    ARCHAEO_ASSIGN(const auto live, watched(broker_.stats()));
    QueueStats stats;
    stats.queued = live.ready;
    stats.scheduled = live.delayed;
    stats.running = live.running;
    stats.workers = live.workers;
    stats.paused = live.paused;
    return stats;
}

Result<std::vector<JobId>> RedisWorkerQueue::enqueue(std::span<const NewJob>) { return needs_catalog("enqueue"); }
Result<std::vector<JobId>> RedisWorkerQueue::enqueue_once(const IdempotencyKey&, std::span<const NewJob>) {
    return needs_catalog("enqueue_once");
}
Status RedisWorkerQueue::cancel(JobId) { return needs_catalog("cancel"); }
Result<JobId> RedisWorkerQueue::retry(JobId) { return needs_catalog("retry"); }
Status RedisWorkerQueue::remove(JobId) { return needs_catalog("remove"); }
Status RedisWorkerQueue::set_priority(JobId, Priority) { return needs_catalog("set_priority"); }
Result<BulkReply> RedisWorkerQueue::bulk(const JobSelection&, BulkAction, Priority) { return needs_catalog("bulk"); }
Result<Job> RedisWorkerQueue::get(JobId) { return needs_catalog("get"); }
Result<Job> RedisWorkerQueue::wait_for(JobId, std::chrono::milliseconds) { return needs_catalog("wait_for"); }
Status RedisWorkerQueue::pause() { return needs_catalog("pause"); }
Status RedisWorkerQueue::resume() { return needs_catalog("resume"); }
Status RedisWorkerQueue::set_order(const QueueOrder&) { return needs_catalog("set_order"); }
Status RedisWorkerQueue::set_limit(const ConcurrencyLimit&) { return needs_catalog("set_limit"); }
Status RedisWorkerQueue::remove_limit(const ConcurrencyLimit&) { return needs_catalog("remove_limit"); }
Result<QueueSettings> RedisWorkerQueue::settings() { return needs_catalog("settings"); }
Status RedisWorkerQueue::set_periodic(const PeriodicJob&) { return needs_catalog("set_periodic"); }
Status RedisWorkerQueue::remove_periodic(std::string_view) { return needs_catalog("remove_periodic"); }
Result<std::vector<PeriodicJob>> RedisWorkerQueue::periodic() { return needs_catalog("periodic"); }
Result<std::int64_t> RedisWorkerQueue::sweep() { return std::int64_t{0}; }

}  // namespace archaeologist
