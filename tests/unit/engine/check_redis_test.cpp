#include "engine/check_redis.hpp"

#include <doctest/doctest.h>

#include "support/redis_server.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;
using Verdict = Check::Verdict;

namespace {

redis::ServerFacts good_facts() {
    redis::ServerFacts facts;
    facts.version = "7.0.15";
    facts.mode = "standalone";
    facts.role = "master";
    facts.eviction_policy = "noeviction";
    facts.append_fsync = "everysec";
    facts.has_aof = true;
    facts.used_bytes = 10 << 20;
    facts.bytes_max = 100 << 20;
    facts.are_writes_saved = true;
    facts.ahead = 3ms;
    facts.knows_config = true;
    return facts;
}

Check judged(const std::function<void(redis::ServerFacts&)>& change) {
    redis::ServerFacts facts = good_facts();
    change(facts);
    return judge_redis(facts);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a Redis as it should be is good, and what it is is told") {
    const Check check = judge_redis(good_facts());
    CHECK(check.verdict == Verdict::good);
    CHECK(check.advice.empty());
    CHECK(check.found ==
          "Redis 7.0.15, standalone, master; appendonly file, fsync everysec; eviction noeviction; 10 MiB used of "
          "100 MiB; clock 3 ms ahead of this host's");
}

TEST_CASE("what would lose or hold up jobs is warned of, each with what to do") {
    const auto warns = [](const Check& check, const std::string& advice) {
        CHECK(check.verdict == Verdict::warning);
        CHECK(holds(check.advice, advice));
    };
    warns(judged([](auto& facts) { facts.eviction_policy = "allkeys-lru"; }), "noeviction");
    warns(judged([](auto& facts) { facts.role = "slave"; }), "name the primary");
    warns(judged([](auto& facts) { facts.are_writes_saved = false; }), "see its log");
    warns(judged([](auto& facts) { facts.used_bytes = 95 << 20; }), "raise maxmemory");
    warns(judged([](auto& facts) { facts.ahead = -2s; }), "set the clocks");
}

TEST_CASE("a Redis that is too old is bad, and what is unknown is no reproach") {
    CHECK(judged([](auto& facts) { facts.version = "6.0.16"; }).verdict == Verdict::bad);
    CHECK(judged([](auto& facts) { facts.version = "6.2.0"; }).verdict == Verdict::good);
    const Check unknown = judged([](auto& facts) {
        facts.eviction_policy.clear();
        facts.has_aof.reset();
        facts.bytes_max.reset();
        facts.are_writes_saved.reset();
        facts.ahead.reset();
        facts.knows_config = false;
    });
    CHECK(unknown.verdict == Verdict::good);
    CHECK(holds(unknown.found, "persistence unknown; eviction unknown"));
}

TEST_CASE("each shard's server is looked at, and one that is away is bad") {
    std::optional<RedisServer> server(std::in_place);
    redis::ClientOptions impatient;
    impatient.retry_max = 50ms;
    const auto client = redis::Client::open(redis::parse_url(server->url()).value(), impatient);
    redis_queue::BrokerOptions options;
    options.shards = 2;
    const auto checks = check_redis(*client, options, system_clock());
    REQUIRE(checks.size() == 2);
    CHECK(checks[1].name == "redis, shard 1");
    CHECK(checks[1].verdict == Verdict::good);
    server.reset();
    const auto gone = check_redis(*client, options, system_clock());
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].verdict == Verdict::bad);
    CHECK(holds(gone[0].advice, "see that it runs"));
}
