#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "contract/queue_contract.hpp"
#include "queue/memory.hpp"
#include "queue/redis.hpp"
#include "queue/sqlite.hpp"
#include "support/declared_keys.hpp"
#include "support/redis_groups.hpp"
#include "support/redis_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

class MemoryFixture final : public QueueFixture {
public:
    [[nodiscard]] Queue& queue() override { return queue_; }
    [[nodiscard]] ManualClock& clock() override { return clock_; }

private:
    ManualClock clock_;
    MemoryQueue queue_{QueueOptions{}, clock_, 7};
};

class SqliteFixture final : public QueueFixture {
public:
    [[nodiscard]] Queue& queue() override { return queue_; }
    [[nodiscard]] ManualClock& clock() override { return clock_; }

private:
    TemporaryFolder folder_;
    ManualClock clock_;
    std::unique_ptr<sqlite::Database> catalog_ = catalog::open(folder_.path()).value();
    SqliteQueue queue_{*catalog_, QueueOptions{}, clock_, 7};
};

const RedisServer& redis_server() {
    static const RedisServer server;
    return server;
}

const RedisCluster& redis_cluster() {
    static const RedisCluster cluster;
    return cluster;
}

// A queue of its own on a Redis that all share. The scripts run by the fixture's clock, and fail when they touch a key they
// do not declare.
class RedisFixture final : public QueueFixture {
public:
    RedisFixture(const std::string& url, int shards) {
        static int made = 0;
        client_ = std::make_unique<DeclaredKeysClient>(redis::Client::open(redis::parse_url(url).value(), {}));
        RedisQueueOptions options;
        options.broker.name = "contract-" + std::to_string(++made);
        options.broker.shards = shards;
        options.broker.clock = &clock_;
        queue_ = RedisQueue::open(*catalog_, *client_, options, clock_, 7).value();
    }
    [[nodiscard]] Queue& queue() override { return *queue_; }
    [[nodiscard]] ManualClock& clock() override { return clock_; }

private:
    TemporaryFolder folder_;
    ManualClock clock_;
    std::unique_ptr<sqlite::Database> catalog_ = catalog::open(folder_.path()).value();
    std::unique_ptr<redis::Client> client_;
    std::unique_ptr<RedisQueue> queue_;
};

}  // namespace

TEST_CASE("queue contract: memory") {
    queue_contract([] { return std::make_unique<MemoryFixture>(); });
}

TEST_CASE("queue contract: sqlite") {
    queue_contract([] { return std::make_unique<SqliteFixture>(); });
}

TEST_CASE("queue contract: redis") {
    queue_contract([] { return std::make_unique<RedisFixture>(redis_server().url(), 1); });
}

TEST_CASE("queue contract: redis cluster of three nodes with four shards") {
    queue_contract([] { return std::make_unique<RedisFixture>(redis_cluster().url(), 4); });
}
