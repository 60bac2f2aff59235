#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "support/redis_calls.hpp"
#include "support/redis_groups.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;

TEST_CASE("keys are found on all nodes of a Cluster, from any one of them, and command_all reaches each") {
    RedisCluster cluster;
    const auto client = open("redis+cluster://127.0.0.1:" + std::to_string(cluster.nodes()[2].port()));
    for (int i = 0; i < 50; ++i) CHECK(add_one(*client, "{q:" + std::to_string(i) + "}:n").value().number() == 1);
    std::int64_t keys = 0;
    const auto sizes = client->command_all(std::vector<std::string>{"DBSIZE"}).value();
    for (const Reply& size : sizes) {
        CHECK(size.number() > 0);
        keys += size.number();
    }
    CHECK(sizes.size() == 3);
    CHECK(keys == 50);
    CHECK(client->command({}, std::vector<std::string>{"PING"}).value().text() == "PONG");
    CHECK(client->block_pop("{q:1}:list", 10ms).value().is_nil());
}

TEST_CASE("calls follow a slot that moves: ASK while it does, MOVED afterwards") {
    RedisCluster cluster;
    const auto client = open(cluster.url());
    REQUIRE(add_one(*client, "{t}a").value().number() == 1);
    REQUIRE(add_one(*client, "{t}b").value().number() == 1);
    RedisServer& from = cluster.owner_of("t");
    RedisServer& to = cluster.another_than(from);
    const std::string slot = std::to_string(slot_of("t"));
    REQUIRE(to.run({"CLUSTER", "SETSLOT", slot, "IMPORTING", RedisCluster::id_of(from)}).text() == "OK");
    REQUIRE(from.run({"CLUSTER", "SETSLOT", slot, "MIGRATING", RedisCluster::id_of(to)}).text() == "OK");
    REQUIRE(from.run({"MIGRATE", "127.0.0.1", std::to_string(to.port()), "{t}a", "0", "5000"}).text() == "OK");

    CHECK(add_one(*client, "{t}a").value().number() == 2);  // there by now
    CHECK(add_one(*client, "{t}b").value().number() == 2);  // still here
    CHECK(from.run({"INFO", "errorstats"}).text().find("errorstat_ASK") != std::string::npos);

    REQUIRE(from.run({"MIGRATE", "127.0.0.1", std::to_string(to.port()), "{t}b", "0", "5000"}).text() == "OK");
    for (RedisServer* node : {&to, &from}) {
        REQUIRE(node->run({"CLUSTER", "SETSLOT", slot, "NODE", RedisCluster::id_of(to)}).text() == "OK");
    }
    CHECK(add_one(*client, "{t}a").value().number() == 3);
    CHECK(add_one(*client, "{t}b").value().number() == 3);
    CHECK(from.run({"INFO", "errorstats"}).text().find("errorstat_MOVED:count=1") != std::string::npos);
    CHECK(to.run({"GET", "{t}b"}).text() == "3");
}

TEST_CASE("a call waits for a node of a Cluster that comes back, and ends in time when it does not") {
    RedisCluster cluster;
    RedisServer& owner = cluster.owner_of("t");
    const auto client = open(cluster.url(), {.retry_max = 30s});
    REQUIRE(add_one(*client, "{t}a").has_value());
    owner.kill();
    const auto lost = add_one(*open(cluster.url(), {.retry_max = 300ms}), "{t}a");
    REQUIRE_FALSE(lost.has_value());
    CHECK(lost.error().code == Code::unavailable);

    Result<Reply> sum = Reply{};
    std::atomic<bool> is_done = false;
    std::thread caller([&] {
        sum = add_one(*client, "{t}a");
        is_done = true;
    });
    CHECK_FALSE(is_done);
    owner.restart();
    caller.join();
    CHECK(sum.has_value());
}

TEST_CASE("a server and a Cluster under each other's URL say which one is right") {
    RedisCluster cluster;
    const std::string key = "{t}a";
    const RedisServer& other = cluster.another_than(cluster.owner_of("t"));
    const auto under_redis = add_one(*open(other.url()), key);
    REQUIRE_FALSE(under_redis.has_value());
    CHECK(under_redis.error().code == Code::invalid_argument);
    CHECK(under_redis.error().message.find("redis+cluster://") != std::string::npos);

    const RedisServer single;
    const auto under_cluster = add_one(*open("redis+cluster://127.0.0.1:" + std::to_string(single.port())), key);
    REQUIRE_FALSE(under_cluster.has_value());
    CHECK(under_cluster.error().code == Code::invalid_argument);
    CHECK(under_cluster.error().message.find("use redis://") != std::string::npos);
}
