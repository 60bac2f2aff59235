#include "queue/redis/recorder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/check_redis.hpp"
#include "support/manual_clock.hpp"
#include "support/redis_house.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

TEST_CASE("what the catalog refuses of one job keeps no other from being recorded, and is tried again") {
    ManualClock clock;
    House house(clock);
    house.accept(100);
    const auto run = [&](const std::string& statement) {
        return house.catalog->write([&](sqlite::Connection& tx) { return sqlite::Query(tx, statement.c_str()).run(); });
    };
    REQUIRE(run("CREATE TRIGGER refusal BEFORE UPDATE ON jobs "
                "WHEN NEW.worker_id = 'w' AND NEW.id = (SELECT id FROM jobs ORDER BY id LIMIT 1 OFFSET 37) "
                "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END")
                .has_value());
    CHECK(house.work_off().size() == 100);
    CHECK(eventually([&] { return house.stats().completed == 99; }));
    const auto checks = check_redis(*house.client, house.broker, clock);
    CHECK(checks.back().name == "results");
    CHECK(checks.back().found == "1 jobs ended with what cannot be recorded");
    CHECK(eventually([&] { return house.has_logged("refused by the test"); }));
    REQUIRE(run("DROP TRIGGER refusal").has_value());
    CHECK(house.stats().completed == 99);
    clock.advance(redis_queue::refused_wait);
    CHECK(eventually([&] { return house.stats().completed == 100; }));
}

TEST_CASE("what cannot be read of one job keeps no other from being recorded") {
    ManualClock clock;
    House house(clock);
    const auto ids = house.accept(3);
    const auto leases = house.claim(3);
    REQUIRE(leases.size() == 3);
    house.server.run({"HSET", "{archaeologist:0}:states", std::string(ids[0].view()), "no state"});
    house.server.run({"ZADD", "{archaeologist:0}:unrecorded", "0", std::string(ids[0].view())});
    CHECK(house.queue->complete(leases[1]).has_value());
    CHECK(house.queue->complete(leases[2]).has_value());
    CHECK(eventually([&] { return house.stats().completed == 2; }));
    CHECK(eventually([&] { return house.has_logged("job " + ids[0].text() + " cannot be recorded"); }));
}

TEST_CASE("a batch whose children the catalog refuses fails with that said") {
    House house;
    const JobId id = house.accept(1).front();
    const Lease lease = house.claim(1).at(0);
    REQUIRE(house.catalog
                ->write([&](sqlite::Connection& tx) {
                    return sqlite::Query(tx,
                                         "CREATE TRIGGER refusal BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, "
                                         "'no more of them'); END")
                        .run();
                })
                .has_value());
    NewJob child;
    child.id = JobId(Uuid::v7(system_clock().now()));
    child.job_type = "t";
    REQUIRE(house.queue->settle(settlement_of(lease, Expanded{{child}})).has_value());
    const Job job = house.queue->wait_for(id, 10s).value();
    CHECK(job.status == JobStatus::failed);
    CHECK(job.error_message.find("the children were refused: ") == 0);
    CHECK(job.error_message.find("no more of them") != std::string::npos);
}
