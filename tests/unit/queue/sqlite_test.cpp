#include "queue/sqlite.hpp"

#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// A queue on a catalog that refuses, at the last moment, to complete jobs of priority low.
struct SpoiltQueue {
    TemporaryFolder folder;
    ManualClock clock;
    std::unique_ptr<sqlite::Database> catalog = catalog::open(folder.path()).value();
    SqliteQueue queue{*catalog, QueueOptions{}, clock, 7};

    SpoiltQueue() {
        REQUIRE(catalog->write([](sqlite::Connection& tx) {
            return tx.execute(
                "CREATE TRIGGER spoilt BEFORE UPDATE OF state ON jobs WHEN NEW.state = 'completed' AND "
                "NEW.priority = 'low' BEGIN SELECT RAISE(ABORT, 'spoilt'); END");
        }));
    }
    std::vector<Lease> claim(int count) {
        return queue.claim({.worker_id = "w1", .limit = count, .job_types = {}}, 0ms).value();
    }
    JobId accept(Priority priority) {
        NewJob job;
        job.priority = priority;
        return queue.enqueue({&job, 1}).value().front();
    }
};

}  // namespace

TEST_CASE("a settlement that fails half-way leaves nothing of itself, and the others of its call stand") {
    SpoiltQueue spoilt;
    const JobId good = spoilt.accept(Priority::high);
    const JobId bad = spoilt.accept(Priority::low);
    const auto leases = spoilt.claim(2);
    const JobId next = spoilt.accept(Priority::normal);
    const std::vector<Settlement> settlements{settlement_of(leases[1], Completed{R"({"n":1})"}),
                                              settlement_of(leases[0], Completed{R"({"n":2})"})};
    const auto reply = spoilt.queue.finish_claim(settlements, {.worker_id = "w1", .limit = 1, .job_types = {}});
    REQUIRE(reply.has_value());
    CHECK_FALSE(reply->settled[0].has_value());
    CHECK(reply->settled[1].has_value());
    REQUIRE(reply->claimed.size() == 1);
    CHECK(reply->claimed[0].id == next);
    CHECK(spoilt.queue.get(good).value().result_data == R"({"n":2})");
    const Job left = spoilt.queue.get(bad).value();
    CHECK(left.status == JobStatus::running);
    CHECK(left.result_data.empty());
    CHECK(spoilt.queue.complete(leases[1]).has_value() == false);
    CHECK(spoilt.queue.fail(leases[1], {.message = "no", .permanent = true}).has_value());
}

TEST_CASE("two queues on one catalog give out no job twice and no epoch twice") {
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto catalog = catalog::open(folder.path()).value();
    SqliteQueue one(*catalog, QueueOptions{}, clock, 1);
    SqliteQueue other(*catalog, QueueOptions{}, clock, 2);
    REQUIRE(one.enqueue(std::vector<NewJob>(4)).has_value());
    const auto first = one.claim({.worker_id = "w1", .limit = 2, .job_types = {}}, 0ms).value();
    const auto second = other.claim({.worker_id = "w1", .limit = 9, .job_types = {}}, 0ms).value();
    REQUIRE(first.size() == 2);
    REQUIRE(second.size() == 2);
    CHECK(first.back().epoch < second.front().epoch);
    CHECK(other.complete(first.front()).has_value());
    CHECK(one.get(first.front().id).value().status == JobStatus::completed);
}

TEST_CASE("of two processes on a folder one alone has a worker id, until it leaves") {
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto catalog = catalog::open(folder.path()).value();
    // Each takes part in run/ with a lock of its own, as two processes do.
    SqliteQueue one(*catalog, QueueOptions{}, clock, 1, folder.path() + "/run");
    SqliteQueue other(*catalog, QueueOptions{}, clock, 2, folder.path() + "/run");
    REQUIRE(one.join("w1").has_value());
    CHECK(other.join("w1").error().code == Code::conflict);
    other.leave("w1");  // which is not its own
    CHECK(other.join("w1").error().code == Code::conflict);
    one.leave("w1");
    CHECK(other.join("w1").has_value());
}

TEST_CASE("a process that ends takes its workers with it") {
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto catalog = catalog::open(folder.path()).value();
    SqliteQueue other(*catalog, QueueOptions{}, clock, 2, folder.path() + "/run");
    {
        SqliteQueue one(*catalog, QueueOptions{}, clock, 1, folder.path() + "/run");
        REQUIRE(one.join("w1").has_value());
        CHECK(other.stats().value().workers == 1);
    }
    CHECK(other.stats().value().workers == 0);
}

TEST_CASE("several processes make one periodic job, not one each") {
    const TemporaryFolder folder;
    ManualClock clock;
    const auto catalog = catalog::open(folder.path()).value();
    SqliteQueue one(*catalog, QueueOptions{}, clock, 1);
    SqliteQueue other(*catalog, QueueOptions{}, clock, 2);
    REQUIRE(one.set_periodic({.name = "tidy", .cron = "* * * * *", .job = {}, .next_at = {}}).has_value());
    clock.advance(1min);
    const auto first = one.claim({.worker_id = "w1", .limit = 9, .job_types = {}}, 0ms).value();
    const auto second = other.claim({.worker_id = "w2", .limit = 9, .job_types = {}}, 0ms).value();
    CHECK(first.size() == 1);
    CHECK(second.empty());
}

TEST_CASE("a heartbeat that changes a job's progress is an event, one that repeats it is none") {
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto catalog = catalog::open(folder.path()).value();
    SqliteQueue queue(*catalog, QueueOptions{}, clock, 1);
    NewJob job;
    job.project_id = ProjectId{7};
    REQUIRE(queue.enqueue({&job, 1}).has_value());
    const Lease lease = queue.claim({.worker_id = "w1", .limit = 1, .job_types = {}}, 0ms).value().front();
    const auto beat = [&](std::int64_t current, std::string_view message, std::string_view worker_id = "w1") {
        const Beat one{lease.id, lease.epoch, current, 10, std::string(message)};
        return queue.heartbeat(worker_id, {&one, 1}).value();
    };
    beat(1, "reading");
    beat(1, "reading");
    beat(2, "reading");
    beat(2, "writing");
    CHECK(beat(3, "writing", "w2").lost.size() == 1);
    const auto events =
        catalog->read([](sqlite::Connection& tx) { return catalog::events(tx, {.after = 2, .limit = 10}); }).value();
    REQUIRE(events.size() == 3);
    for (const Event& event : events) {
        CHECK(event.kind == "job.progress");
        CHECK(event.job_id == lease.id);
        CHECK(event.project_id == ProjectId{7});
    }
}

TEST_CASE("who watches the queue hears of a new job, and of nothing once he has ended it") {
    SpoiltQueue spoilt;
    int heard = 0;
    spoilt.queue.watch([&heard] { ++heard; });
    spoilt.accept(Priority::normal);
    CHECK(heard > 0);
    spoilt.queue.watch({});
    const int before = heard;
    spoilt.accept(Priority::normal);
    CHECK(heard == before);
}
