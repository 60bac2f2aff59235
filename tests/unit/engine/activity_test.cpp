#include <doctest/doctest.h>

#include "archaeologist/engine.hpp"
#include "catalog/catalog.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// An engine whose clock stands still and whose jobs are claimed and ended by hand.
struct Office {
    TemporaryFolder folder;
    ManualClock clock;
    std::unique_ptr<Engine> engine;

    Office() {
        Config config;
        config.data_dir = folder.path("data");
        config.clock = &clock;
        engine = Engine::open(config).value();
    }
    JobId accept(ProjectId project = ProjectId{1}, UserId user = local_user) {
        NewJob job;
        job.job_type = "noop";
        job.project_id = project;
        job.user_id = user;
        job.max_retries = 0;
        return engine->queue().enqueue({&job, 1}).value().front();
    }
    Lease claim() {
        const auto leases = engine->queue().claim({.worker_id = "w1", .limit = 1, .job_types = {}}, 0ms).value();
        REQUIRE(leases.size() == 1);
        return leases.front();
    }
    // As another process would.
    void change_catalog(const char* statements) {
        const auto catalog = catalog::open(folder.path("data")).value();
        REQUIRE(catalog->write([&](sqlite::Connection& tx) { return tx.execute(statements); }));
    }
};

std::vector<std::string> kinds(const EventPage& page) {
    std::vector<std::string> all;
    for (const Event& event : page.events) all.push_back(event.kind);
    return all;
}

}  // namespace

TEST_CASE("events are told from a cursor on, of all jobs or of one, or of a project") {
    Office office;
    CHECK(office.engine->events({}).value().newest_id == 0);
    CHECK(office.engine->events({}).value().oldest_id == 0);
    const JobId first = office.accept(ProjectId{1});
    const JobId second = office.accept(ProjectId{2});
    REQUIRE(office.engine->queue().cancel(second));
    const EventPage all = office.engine->events({}).value();
    CHECK(kinds(all) == std::vector<std::string>{"job.queued", "job.queued", "job.cancelled"});
    CHECK(all.oldest_id == all.events.front().id);
    CHECK(all.newest_id == all.events.back().id);
    CHECK(kinds(office.engine->events({.job_id = first}).value()) == std::vector<std::string>{"job.queued"});
    CHECK(kinds(office.engine->events({.project_id = ProjectId{2}}).value()) ==
          std::vector<std::string>{"job.queued", "job.cancelled"});
    const EventPage rest = office.engine->events({.after = all.events[1].id, .job_id = second}).value();
    CHECK(kinds(rest) == std::vector<std::string>{"job.cancelled"});
    CHECK(office.engine->events({.limit = 2}).value().events.size() == 2);
    CHECK(office.engine->events({.after = all.newest_id}).value().events.empty());
}

TEST_CASE("the newest event's id is known when all events are trimmed, and who has seen it has missed none") {
    Office office;
    office.accept();
    office.accept();
    const std::int64_t newest = office.engine->events({}).value().newest_id;
    office.change_catalog("DELETE FROM events");
    const EventPage page = office.engine->events({}).value();
    CHECK(page.events.empty());
    CHECK(page.newest_id == newest);
    CHECK(page.oldest_id == newest + 1);
}

TEST_CASE("an event filter beyond its limits is refused with the rule") {
    Office office;
    CHECK(office.engine->events({.limit = 0}).error().message == "limit is 0, must be 1 to 1000");
    CHECK(office.engine->events({.limit = 1'001}).error().code == Code::invalid_argument);
    CHECK(office.engine->events({.after = -1}).error().message == "after is -1, must be at least 0");
}

TEST_CASE("a user's jobs are counted by state, with how long the completed ones ran") {
    Office office;
    CHECK(office.engine->job_stats().value().success_rate == 0);
    auto& queue = office.engine->queue();
    const auto other = static_cast<UserId>(2);
    for (const auto took : {2s, 4s}) {
        office.accept();
        const Lease lease = office.claim();
        office.clock.advance(took);
        REQUIRE(queue.complete(lease));
    }
    office.accept();
    REQUIRE(queue.fail(office.claim(), {.message = "no", .permanent = true}));
    REQUIRE(queue.cancel(office.accept(ProjectId{2}, other)));
    office.accept(ProjectId{2}, other);
    office.claim();
    NewJob later;
    later.job_type = "noop";
    later.scheduled_at = office.clock.now() + 1h;
    REQUIRE(queue.enqueue({&later, 1}));

    const JobStats all = office.engine->job_stats().value();
    CHECK(to_json(all) ==
          R"({"total_jobs":6,"pending_jobs":0,"queued_jobs":1,"running_jobs":1,"completed_jobs":2,"failed_jobs":1,)"
          R"("cancelled_jobs":1,"avg_duration_seconds":3,"success_rate":0.6666666666666666})");
    const JobStats others = office.engine->job_stats(other).value();
    CHECK(others.total_jobs == 2);
    CHECK(others.cancelled_jobs == 1);
    CHECK(others.running_jobs == 1);
    CHECK(others.avg_duration_seconds == 0);
    CHECK(office.engine->job_stats(static_cast<UserId>(3)).value().total_jobs == 0);
}

TEST_CASE("a removed job is taken out of the counts with the time it ran") {
    Office office;
    const JobId gone = office.accept();
    const Lease lease = office.claim();
    office.clock.advance(10s);
    REQUIRE(office.engine->queue().complete(lease));
    REQUIRE(office.engine->queue().remove(gone));
    office.accept();
    const Lease kept = office.claim();
    office.clock.advance(2s);
    REQUIRE(office.engine->queue().complete(kept));
    CHECK(office.engine->job_stats().value().completed_jobs == 1);
    CHECK(office.engine->job_stats().value().avg_duration_seconds == 2);
}

TEST_CASE("the queue's history has the minutes in which something happened, exactly, however many events they had") {
    Office office;
    auto& queue = office.engine->queue();
    const TimePoint first = std::chrono::floor<std::chrono::minutes>(office.clock.now());
    std::vector<NewJob> jobs(1'700);
    for (NewJob& job : jobs) job.job_type = "noop";
    REQUIRE(queue.enqueue(jobs));
    office.clock.advance(5min);
    REQUIRE(queue.complete(office.claim()));
    REQUIRE(queue.fail(office.claim(), {.message = "no", .permanent = true}));
    REQUIRE(queue.enqueue(jobs));
    REQUIRE(queue.cancel(office.accept()));

    const auto history = office.engine->queue_history(10min).value();
    REQUIRE(history.size() == 2);
    CHECK(to_json(history[0]) ==
          R"({"at":")" + to_rfc3339(first) + R"(","queued":1700,"completed":0,"failed":0,"cancelled":0})");
    CHECK(to_json(history[1]) ==
          R"({"at":")" + to_rfc3339(first + 5min) + R"(","queued":1701,"completed":1,"failed":1,"cancelled":1})");
    CHECK(office.engine->queue_history(5min).value().size() == 1);
    CHECK(office.engine->queue_history(6min).value().size() == 2);
    CHECK(office.engine->queue_history(0min).error().message == "window is 0 minutes, must be 1 minute to 7 days");
    CHECK(office.engine->queue_history(8 * 24h).error().code == Code::invalid_argument);
}

TEST_CASE("minutes older than a week are forgotten when new ones are counted") {
    Office office;
    std::vector<NewJob> jobs(1'000);
    for (NewJob& job : jobs) job.job_type = "noop";
    REQUIRE(office.engine->queue().enqueue(jobs));
    office.clock.advance(7 * 24h + 1min);
    REQUIRE(office.engine->queue().enqueue(jobs));
    const auto catalog = catalog::open(office.folder.path("data")).value();
    CHECK(catalog->read([](sqlite::Connection& tx) { return tx.integer("SELECT count(*) FROM queue_minutes"); })
              .value() == 1);
}

TEST_CASE("workers are listed while they live, with when they joined and what they hold") {
    Office office;
    auto& queue = office.engine->queue();
    REQUIRE(queue.join("w1"));
    office.clock.advance(1s);
    REQUIRE(queue.join("w0"));
    office.accept();
    office.claim();
    const auto workers = office.engine->workers().value();
    REQUIRE(workers.size() == 2);
    CHECK(workers[0].worker_id == "w0");
    CHECK(workers[0].running == 0);
    CHECK(to_json(workers[1]) ==
          R"({"worker_id":"w1","joined_at":")" + to_rfc3339(office.clock.now() - 1s) + R"(","running":1})");
    queue.leave("w1");
    CHECK(office.engine->workers().value().size() == 1);
}
