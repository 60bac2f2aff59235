#include "queue/redis/elsewhere.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "support/redis_house.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// A second server, which follows the first until it is held back; then the first may take over what the second has, as a
// primary that was away while another was made the primary: on the same port, in the same process, with older data.
class Rewind {
public:
    explicit Rewind(RedisServer& server) : server_(server) {
        follow(past_, server_);
        past_.run({"REPLICAOF", "NO", "ONE"});
    }
    // Everything that was written meanwhile is gone.
    void go() {
        follow(server_, past_);
        server_.run({"REPLICAOF", "NO", "ONE"});
    }

private:
    static void follow(RedisServer& one, const RedisServer& other) {
        other.run({"CONFIG", "SET", "repl-diskless-sync-delay", "0"});
        one.run({"REPLICAOF", "127.0.0.1", std::to_string(other.port())});
        REQUIRE(eventually([&] {
            const std::string info = one.run({"INFO", "replication"}).text();
            return info.find("master_link_status:up") != std::string::npos;
        }));
        REQUIRE(eventually([&] { return offset(one) == offset(other); }));
    }
    static std::string offset(const RedisServer& server) {
        const std::string info = server.run({"INFO", "replication"}).text();
        const std::size_t from = info.find("master_repl_offset:");
        return info.substr(from, info.find('\r', from) - from);
    }

    RedisServer& server_;
    RedisServer past_;
};

}  // namespace

TEST_CASE(
    "after a failover nothing is claimed, settled or renewed before the next incarnation, and no epoch comes again") {
    RedisServer server;
    const auto client = client_of(server);
    redis_queue::Broker broker(*client, {});
    const ClaimRequest one{.worker_id = "w", .limit = 1, .job_types = {}};
    REQUIRE(broker.begin(1, {}).has_value());
    const std::vector<redis_queue::Handover> jobs{handed_over(), handed_over(), handed_over()};
    REQUIRE(broker.enqueue(0, jobs).has_value());
    const Lease done = broker.claim(one, 0ms).value().at(0);
    REQUIRE(broker.settle(settlement_of(done, Completed{})).has_value());
    const Lease known = broker.claim(one, 0ms).value().at(0);
    Rewind rewind(server);
    const Lease lost = broker.claim(one, 0ms).value().at(0);
    rewind.go();

    CHECK_FALSE(broker.holds(1).value());
    CHECK(broker.claim(one, 0ms).error().code == Code::incompatible);
    CHECK(broker.settle(settlement_of(lost, Completed{})).error().code == Code::incompatible);
    CHECK(broker.settle(settlement_of(known, Completed{})).error().code == Code::incompatible);
    const Beat beat{known.id, known.epoch, 0, 0, ""};
    CHECK(broker.heartbeat("w", {&beat, 1}).error().code == Code::incompatible);
    CHECK(broker.unrecorded(0, 10, redis_queue::Broker::News::all).error().code == Code::incompatible);
    const auto rest = broker.unrecorded(0, 10, redis_queue::Broker::News::rest).value().jobs;
    REQUIRE(rest.size() == 2);
    CHECK(rest[0].id == done.id);
    CHECK(rest[0].phase == redis_queue::Phase::completed);

    REQUIRE(broker.begin(2, {}).has_value());
    CHECK(broker.holds(2).value());
    REQUIRE(broker.enqueue(0, {&jobs[1], 2}).has_value());
    const auto again = broker.claim({.worker_id = "w", .limit = 2, .job_types = {}}, 0ms).value();
    REQUIRE(again.size() == 2);
    for (const Lease& lease : again) CHECK(lease.epoch > lost.epoch);
    CHECK(broker.settle(settlement_of(lost, Completed{})).error().code == Code::lease_lost);
    CHECK(broker.settle(settlement_of(known, Completed{})).error().code == Code::lease_lost);
    for (const Lease& lease : again) CHECK(broker.settle(settlement_of(lease, Completed{})).has_value());
}

TEST_CASE("an incarnation that is begun twice stays that of the server it was begun on first") {
    RedisServer server;
    const auto client = client_of(server);
    redis_queue::Broker broker(*client, {});
    REQUIRE(broker.begin(1, {}).has_value());
    Rewind rewind(server);
    rewind.go();
    REQUIRE(broker.begin(1, {}).has_value());
    CHECK_FALSE(broker.holds(1).value());
}

TEST_CASE("a first replica makes no other server of a primary") {
    RedisServer server;
    const auto client = client_of(server);
    redis_queue::Broker broker(*client, {});
    REQUIRE(broker.begin(1, {}).has_value());
    const auto name = [&] {
        const std::string info = server.run({"INFO", "replication"}).text();
        return info.substr(info.find("master_replid:"), 54);
    };
    const std::string before = name();
    const Rewind replica(server);
    REQUIRE(name() != before);
    const auto job = handed_over();
    REQUIRE(broker.enqueue(0, {&job, 1}).has_value());
    CHECK(broker.claim({.worker_id = "w", .limit = 1, .job_types = {}}, 0ms).value().size() == 1);
    CHECK(broker.holds(1).value());
}

TEST_CASE("where the server may not be asked who it is the queue works all the same") {
    RedisServer server;
    server.run({"ACL", "SETUSER", "default", "-info"});
    const auto client = client_of(server);
    redis_queue::Broker broker(*client, {});
    REQUIRE(broker.begin(1, {}).has_value());
    const auto job = handed_over();
    REQUIRE(broker.enqueue(0, {&job, 1}).has_value());
    CHECK(broker.holds(1).value());
    CHECK(broker.claim({.worker_id = "w", .limit = 1, .job_types = {}}, 0ms).value().size() == 1);
}

TEST_CASE("what a failover loses is done again under later epochs, and what was recorded is not") {
    House house;
    const auto ids = house.accept(40);
    std::multiset<JobId> done;
    const auto complete = [&](const Lease& lease) {
        const bool counts = house.queue->complete(lease).has_value();
        if (counts) done.insert(lease.id);
        return counts;
    };
    const auto before = house.claim(10);
    REQUIRE(before.size() == 10);
    Rewind rewind(house.server);
    // None of this reaches the replica: results that the catalog has, claims, a cancellation, a job, a pause.
    for (std::size_t i = 0; i < 5; ++i) CHECK(complete(before[i]));
    const auto lost = house.claim(10);
    REQUIRE(lost.size() == 10);
    REQUIRE(house.queue->cancel(ids[39]).has_value());
    const JobId late = house.accept(1).front();
    REQUIRE(house.queue->pause().has_value());
    const std::uint64_t newest = lost.back().epoch;
    rewind.go();

    for (const Lease& lease : lost) CHECK_FALSE(complete(lease));
    CHECK(house.claim(100).empty());
    REQUIRE(house.queue->resume().has_value());
    REQUIRE(eventually([&] {
        for (const Lease& lease : house.claim(100)) {
            CHECK(lease.epoch > newest);
            CHECK(complete(lease));
        }
        return house.stats().completed == 40;
    }));
    CHECK(done.size() == 40);
    CHECK(done.count(late) == 1);
    CHECK(done.count(ids[39]) == 0);
    CHECK(std::set<JobId>(done.begin(), done.end()).size() == 40);
    CHECK(house.stats().cancelled == 1);
}

TEST_CASE("a Redis that comes back with an older file loses no job, and gives no epoch twice") {
    House house;
    house.accept(20);
    const auto before = house.claim(5);
    REQUIRE(before.size() == 5);
    house.server.run({"SAVE"});
    REQUIRE(house.queue->complete(before[0]).has_value());
    const auto lost = house.claim(5);
    REQUIRE(lost.size() == 5);
    house.server.restart();
    std::multiset<JobId> done{before[0].id};
    REQUIRE(eventually([&] {
        for (const Lease& lease : house.claim(100)) {
            CHECK(lease.epoch > lost.back().epoch);
            if (house.queue->complete(lease)) done.insert(lease.id);
        }
        return house.stats().completed == 20;
    }));
    CHECK(done.size() == 20);
    CHECK(std::set<JobId>(done.begin(), done.end()).size() == 20);
    for (const Lease& lease : lost) CHECK_FALSE(house.queue->complete(lease).has_value());
}
