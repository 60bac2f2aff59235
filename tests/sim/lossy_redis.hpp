// The two sides of the queue on a real Redis, with relay, recorder and sweep as calls of their own: RedisQueue runs them on
// threads, and here they run when the story says so, and at no other time.
#pragma once

#include <memory>
#include <string>

#include "lake/memory.hpp"
#include "queue/redis/broker.hpp"
#include "queue/redis/handed.hpp"
#include "queue/redis/relay.hpp"
#include "queue/redis_worker.hpp"
#include "queue/sqlite.hpp"
#include "redis/client.hpp"
#include "sqlite/database.hpp"
#include "support/redis_server.hpp"
#include "support/temporary_folder.hpp"

namespace archaeologist::sim {

class LossyRedis {
public:
    // The server is emptied.
    LossyRedis(RedisServer& server, const QueueOptions& options, const Clock& clock, std::uint64_t seed);

    [[nodiscard]] Queue& desk() { return desk_; }        // what clients call, on the catalog
    [[nodiscard]] Queue& workers() { return *worker_; }  // what workers call, on Redis

    // As RedisQueue's rounds. Errors: only where Redis has no queue, or another.
    [[nodiscard]] Status relay();
    [[nodiscard]] Status record();
    [[nodiscard]] Status sweep();

    void flush_all();
    void forget_scripts();
    void cut_connections();
    // What restore() brings back.
    void save();
    // Kills Redis and starts it from what was saved last; false where nothing was.
    [[nodiscard]] bool restore();

private:
    [[nodiscard]] redis_queue::BrokerOptions broker_options(const QueueOptions& options, std::uint64_t seed);

    RedisServer& server_;
    const Clock& clock_;
    TemporaryFolder folder_;
    MemoryLake lake_;
    std::unique_ptr<sqlite::Database> catalog_;
    std::unique_ptr<redis::Client> client_;
    SqliteQueue desk_;
    redis_queue::Broker broker_;
    redis_queue::Handed handed_;
    std::unique_ptr<RedisWorkerQueue> worker_;
    JobId swept_to_;
    redis_queue::Listing listed_to_;
    bool has_saved_ = false;
};

}  // namespace archaeologist::sim
