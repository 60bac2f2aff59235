#include "redis/describe.hpp"

#include <doctest/doctest.h>

#include "support/redis_calls.hpp"
#include "support/redis_server.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;

TEST_CASE("a server is described: what it keeps, what it evicts, how its clock goes") {
    const RedisServer server({.arguments = {"--appendonly", "yes", "--appendfsync", "always", "--maxmemory", "64mb",
                                            "--maxmemory-policy", "allkeys-lru"}});
    const auto client = open(server.url());
    const ServerFacts facts = describe(*client, {}, system_clock()).value();
    CHECK(facts.version.find('.') != std::string::npos);
    CHECK(facts.mode == "standalone");
    CHECK(facts.role == "master");
    CHECK(facts.eviction_policy == "allkeys-lru");
    CHECK(facts.has_aof == true);
    CHECK(facts.append_fsync == "always");
    CHECK(facts.rdb_rules.empty());
    CHECK(facts.knows_config);
    CHECK(facts.used_bytes > 0);
    CHECK(facts.bytes_max == 64 << 20);
    CHECK(facts.replica_count == 0);
    CHECK(facts.are_writes_saved == true);
    REQUIRE(facts.ahead.has_value());
    CHECK(*facts.ahead > -5s);
    CHECK(*facts.ahead < 5s);
    CHECK(facts.round_trip > 0us);
}

TEST_CASE("what a user may not ask for stays unknown") {
    const RedisServer server;
    server.run({"ACL", "SETUSER", "me", "on", ">word", "~*", "+info"});
    const auto client = open("redis://me:word@127.0.0.1:" + std::to_string(server.port()));
    const ServerFacts facts = describe(*client, {}, system_clock()).value();
    CHECK(facts.role == "master");
    CHECK_FALSE(facts.knows_config);
    CHECK_FALSE(facts.ahead.has_value());
}
