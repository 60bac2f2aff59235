// A catalog whose queue is on a Redis of its own, and what tests of it do with it.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "queue/redis.hpp"
#include "support/redis_server.hpp"
#include "support/temporary_folder.hpp"

namespace archaeologist {

inline std::unique_ptr<redis::Client> client_of(const RedisServer& server) {
    redis::ClientOptions options;
    options.retry_max = std::chrono::milliseconds{300};
    return redis::Client::open(redis::parse_url(server.url()).value(), options);
}

inline const redis_queue::Identity own_lake{{"lake", "lake-1"}};

// A catalog whose queue is on a Redis of its own.
struct House {
    explicit House(const Clock& scripts_clock = system_clock(), QueueOptions queue_options = {})
        : clock(scripts_clock), client(client_of(server)) {
        RedisQueueOptions options{.broker = {}, .identity = own_lake};
        options.broker.queue = queue_options;
        if (&scripts_clock != &system_clock()) options.broker.clock = &scripts_clock;
        options.log = Logger([this](const LogRecord& record) { note(record.message); }, LogLevel::info);
        broker = options.broker;
        queue = RedisQueue::open(*catalog, *client, options, clock, 7).value();
    }

    std::vector<JobId> accept(std::size_t count) {
        NewJob wanted;
        wanted.project_id = ProjectId{1};
        return queue->enqueue(std::vector<NewJob>(count, wanted)).value();
    }
    std::vector<Lease> claim(int limit, const std::string& worker = "w") {
        auto leases =
            queue->claim({.worker_id = worker, .limit = limit, .job_types = {}}, std::chrono::milliseconds{0});
        return leases ? *leases : std::vector<Lease>();
    }
    // Until there is nothing left to claim.
    std::multiset<JobId> work_off(const std::string& worker = "w") {
        std::multiset<JobId> done;
        for (;;) {
            const auto leases = claim(100, worker);
            if (leases.empty()) return done;
            std::vector<Settlement> settlements;
            settlements.reserve(leases.size());
            for (const Lease& lease : leases) settlements.push_back(settlement_of(lease, Completed{}));
            const auto reply = queue->finish_claim(settlements, {.worker_id = worker, .limit = 0, .job_types = {}});
            REQUIRE(reply.has_value());
            for (std::size_t i = 0; i < leases.size(); ++i) {
                if (reply->settled[i]) done.insert(leases[i].id);
            }
        }
    }
    QueueStats stats() { return queue->stats().value(); }
    bool has_logged(std::string_view words) {
        const MutexLock lock(mutex_);
        return log_.find(words) != std::string::npos;
    }

    RedisServer server;
    TemporaryFolder folder;
    const Clock& clock;
    redis_queue::BrokerOptions broker;
    std::unique_ptr<sqlite::Database> catalog = catalog::open(folder.path()).value();
    std::unique_ptr<redis::Client> client;

private:
    void note(std::string_view message) {
        const MutexLock lock(mutex_);
        log_.append(message).append("\n");
    }
    Mutex mutex_;
    std::string log_ ARCHAEO_GUARDED_BY(mutex_);

public:
    std::unique_ptr<RedisQueue> queue;  // the last to be made and the first to go: it logs
};

// A job as it is handed over.
inline redis_queue::Handover handed_over() {
    redis_queue::Handover job;
    job.id = JobId(Uuid::v7(system_clock().now()));
    job.job_type = "t";
    job.timeout = std::chrono::minutes{1};
    job.job_data = "{}";
    return job;
}

}  // namespace archaeologist
