#include "queue/redis/relay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "support/redis_house.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

TEST_CASE("what waits or runs in Redis and is finished or gone in the catalog is taken away") {
    House house;
    const auto ids = house.accept(5);
    const Lease held = house.claim(1).at(0);
    REQUIRE(held.id == ids[0]);
    // As after a loss in Redis: the catalog has forgotten that it has anything to say of them.
    const Status changed = house.catalog->write([&](sqlite::Connection& tx) -> Status {
        for (const char* statement :
             {"UPDATE jobs SET state = 'cancelled' WHERE id IN (:first, :second)",
              "DELETE FROM jobs WHERE id NOT IN (:first, :second, :third)", "DELETE FROM outbox"}) {
            sqlite::Query query(tx, statement);
            const std::string_view text(statement);
            if (text.find(":first") != text.npos) query.bind(":first", ids[0]).bind(":second", ids[1]);
            if (text.find(":third") != text.npos) query.bind(":third", ids[2]);
            ARCHAEO_TRY(query.run());
        }
        return {};
    });
    REQUIRE(changed.has_value());
    CHECK(eventually([&] { return house.server.run({"HLEN", "{archaeologist:0}:jobs"}).number() == 1; }));
    CHECK_FALSE(house.queue->complete(held).has_value());
    CHECK(house.work_off() == std::multiset<JobId>{ids[2]});
    CHECK(house.stats().cancelled == 2);
}

TEST_CASE("more jobs than one look at Redis shows are compared with the catalog, over all shards") {
    RedisServer server;
    const auto client = client_of(server);
    redis_queue::Broker broker(*client, {.shards = 2});
    REQUIRE(broker.begin(1, {}).has_value());
    std::set<JobId> all;
    std::vector<std::vector<redis_queue::Handover>> jobs(2);
    for (int i = 0; i < 4'000; ++i) {
        auto job = handed_over();
        if (i % 3 == 0) job.run_at = system_clock().now() + 1h;
        if (i % 7 == 0) job.crash_count = 2;
        if (i % 7 == 0) job.version = 1;
        all.insert(job.id);
        jobs[static_cast<std::size_t>(broker.shard_of(job.id))].push_back(job);
    }
    std::set<JobId> listed;
    for (int shard = 0; shard < 2; ++shard) {
        const std::span<const redis_queue::Handover> own = jobs[static_cast<std::size_t>(shard)];
        for (std::size_t from = 0; from < own.size(); from += 1'000) {
            REQUIRE(
                broker.enqueue(shard, own.subspan(from, std::min<std::size_t>(1'000, own.size() - from))).has_value());
        }
    }
    CHECK(broker.claim({.worker_id = "w", .limit = 50, .job_types = {}}, 0ms).value().size() >= 1);
    for (int shard = 0; shard < 2; ++shard) {
        std::string from;
        do {
            auto part = broker.list(shard, from).value();
            listed.insert(part.ids.begin(), part.ids.end());
            from = std::move(part.next);
        } while (!from.empty());
    }
    CHECK(listed == all);

    TemporaryFolder folder;
    const auto catalog = catalog::open(folder.path()).value();
    redis_queue::Listing place;
    int calls = 0;
    do {
        place = redis_queue::sweep_redis(*catalog, broker, place).value();
        REQUIRE(++calls < 100);
    } while (place.shard != 0 || !place.from.empty());
    const auto left = broker.stats().value();
    CHECK(left.ready + left.delayed + left.running == 0);
}
