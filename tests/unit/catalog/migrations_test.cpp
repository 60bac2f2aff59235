// A data folder of an older version is brought up to date, with everything that is in it.
#include <doctest/doctest.h>

#include <array>

#include "catalog/catalog.hpp"
#include "queue/sqlite.hpp"
#include "sql/catalog_migrations_001.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// Jobs as schema 1 had them: id, state, priority, score, run_at.
void insert_old_job(sqlite::Connection& tx, const std::string& id, const std::string& rest) {
    const std::string insert =
        "INSERT INTO jobs (id, job_type, state, priority, project_id, user_id, max_retries, timeout_ms, created_at_ms, "
        "queued_at_ms, score, run_at_ms) VALUES (x'" +
        id + "', 'noop', " + rest + ")";
    REQUIRE(tx.execute(insert.c_str()).has_value());
}

std::string id_ending_in(char digit) { return std::string(31, '0') + digit; }

}  // namespace

TEST_CASE("a folder of schema 1 keeps its jobs, their order and their counts") {
    const TemporaryFolder folder;
    folder.write("run/.keep");
    {
        const std::array<sqlite::Migration, 1> first{{{1, sql::catalog_migrations_001}}};
        const auto old = sqlite::Database::open({.path = folder.path("catalog.db"),
                                                 .lock_path = folder.path("run/catalog.lock"),
                                                 .migrations = first,
                                                 .on_open = {}})
                             .value();
        REQUIRE(old->write([](sqlite::Connection& tx) -> Status {
            insert_old_job(tx, id_ending_in('1'), "'queued', 'low', 1, 1, 3, 60000, 5, 5, 30, NULL");
            insert_old_job(tx, id_ending_in('2'), "'queued', 'urgent', 1, 1, 3, 60000, 5, 5, 10, NULL");
            insert_old_job(tx, id_ending_in('3'), "'queued', 'normal', 2, 1, 3, 60000, 5, 5, 20, 9000000000000");
            insert_old_job(tx, id_ending_in('4'), "'completed', 'normal', 2, 1, 3, 60000, 5, 5, 20, NULL");
            return {};
        }));
    }
    ManualClock clock;
    const auto catalog = catalog::open(folder.path()).value();
    SqliteQueue queue(*catalog, QueueOptions{}, clock, 7);
    const QueueStats stats = queue.stats().value();
    CHECK(stats.queued == 2);
    CHECK(stats.by_priority == std::array<std::int64_t, 4>{1, 0, 0, 1});
    CHECK(stats.scheduled == 1);
    CHECK(stats.completed == 1);
    CHECK_FALSE(stats.paused);
    const auto leases = queue.claim({.worker_id = "w1", .limit = 9, .job_types = {}}, 0ms).value();
    REQUIRE(leases.size() == 2);
    CHECK(leases[0].priority == Priority::urgent);
    CHECK(leases[1].priority == Priority::low);
    CHECK(queue.complete(leases[0]).has_value());
    CHECK(queue.stats().value().completed == 2);
}

TEST_CASE("a folder of a newer version is refused, and stays as it is") {
    const TemporaryFolder folder;
    REQUIRE(catalog::open(folder.path())->get()->write([](sqlite::Connection& tx) {
        return tx.execute("PRAGMA user_version = 99");
    }));
    CHECK(catalog::open(folder.path()).error().code == Code::incompatible);
}
