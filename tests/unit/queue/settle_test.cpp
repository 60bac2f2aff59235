#include "queue/settle.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

const TimePoint now = from_ms(1'800'000'000'000);

Decision decide_on(const Running& job, const Outcome& outcome) {
    Rng rng(7);
    return decide(job, outcome, now, QueueOptions{}, rng);
}

Decision expire(const Running& job, Expiry expiry) {
    Rng rng(7);
    return on_lease_expired(job, expiry, "w1", 60s, now, QueueOptions{}, rng);
}

}  // namespace

TEST_CASE("a failure spends a retry, a permanent one or the last one fails") {
    const Running fresh{.retry_count = 0, .max_retries = 1, .crash_count = 1};
    const Decision retry = decide_on(fresh, Failed{.message = "no"});
    CHECK(retry.state == State::queued);
    CHECK(retry.retry_count == 1);
    CHECK(retry.crash_count == 1);
    REQUIRE(retry.run_at);
    CHECK(*retry.run_at <= now + 1s);
    CHECK(retry.attempt_outcome == "retried");

    const Decision last = decide_on({.retry_count = 1, .max_retries = 1, .crash_count = 0}, Failed{.message = "no"});
    CHECK(last.state == State::failed);
    CHECK(last.retry_count == 1);
    CHECK(last.attempt_outcome == "failed");
    CHECK(decide_on(fresh, Failed{.message = "no", .permanent = true}).state == State::failed);
}

TEST_CASE("what spends no retry leaves the count alone") {
    const Running job{.retry_count = 2, .max_retries = 2, .crash_count = 0};
    const Decision released = decide_on(job, Released{});
    CHECK(released.state == State::queued);
    CHECK_FALSE(released.run_at);
    CHECK(released.retry_count == 2);
    const Decision delayed = decide_on(job, Delayed{.message = "later", .wait = 5s});
    CHECK(delayed.state == State::queued);
    CHECK(delayed.run_at == now + 5s);
    CHECK(delayed.retry_count == 2);
    CHECK(decide_on(job, Delayed{.message = "", .wait = -5s}).run_at == now);
    CHECK(decide_on(job, Delayed{.message = "", .wait = 99h}).run_at == now + 1h);
    CHECK(decide_on(job, Expanded{}).state == State::waiting);
    CHECK(decide_on(job, Completed{}).state == State::completed);
}

TEST_CASE("an expired lease counts a crash, and the third fails the job whatever retries are left") {
    Running job{.retry_count = 0, .max_retries = 100, .crash_count = 0};
    for (int crash = 1; crash <= 2; ++crash) {
        const Decision again = expire(job, Expiry::lease);
        CHECK(again.state == State::queued);
        CHECK_FALSE(again.run_at);
        CHECK(again.retry_count == 0);
        CHECK(again.crash_count == crash);
        CHECK(again.attempt_outcome == "lease_expired");
        job.crash_count = again.crash_count;
    }
    const Decision third = expire(job, Expiry::lease);
    CHECK(third.state == State::failed);
    CHECK(third.error_message ==
          "worker \"w1\" died or hung: its lease expired (crash 3 of 3, this time with the job "
          "running alone, so it is not tried again)");
}

TEST_CASE("the death of a worker that is known counts like a lease that ran out, and says so") {
    const Decision dead = expire({.retry_count = 0, .max_retries = 0, .crash_count = 0}, Expiry::death);
    CHECK(dead.state == State::queued);
    CHECK(dead.crash_count == 1);
    CHECK(dead.error_message == "worker \"w1\" died (crash 1 of 3)");
}

TEST_CASE("finished jobs are kept for their time, and for ever when that is 0") {
    const Retention retention{.completed = 1h, .cancelled = 2h, .failed = 0h};
    CHECK(kept_for(retention, State::completed) == 1h);
    CHECK(kept_for(retention, State::cancelled) == 2h);
    CHECK_FALSE(kept_for(retention, State::failed));
    CHECK_FALSE(kept_for(retention, State::running));
}

TEST_CASE("a deadline spends a retry and counts no crash") {
    const Decision late = expire({.retry_count = 0, .max_retries = 1, .crash_count = 2}, Expiry::deadline);
    CHECK(late.state == State::queued);
    CHECK(late.retry_count == 1);
    CHECK(late.crash_count == 2);
    CHECK(late.attempt_outcome == "timed_out");
    CHECK(late.error_message == "timed out after 60 s");
    const Decision last = expire({.retry_count = 1, .max_retries = 1, .crash_count = 0}, Expiry::deadline);
    CHECK(last.state == State::failed);
    CHECK(last.attempt_outcome == "timed_out");
}

TEST_CASE("a lease ends with its deadline at the latest, and then it is the deadline that passed") {
    CHECK(lease_end(now, now + 1h, QueueOptions{}) == now + 10s);
    CHECK(lease_end(now, now + 3s, QueueOptions{}) == now + 3s);
    CHECK(expiry_of(now, now + 1s) == Expiry::lease);
    CHECK(expiry_of(now, now) == Expiry::deadline);
}

TEST_CASE("settlements are checked before they are applied") {
    const auto status_of = [](Outcome outcome) { return validate(Settlement{{}, 1, "w1", std::move(outcome)}); };
    CHECK(status_of(Completed{}).has_value());
    CHECK_FALSE(status_of(Completed{"[]"}));
    CHECK(status_of(Completed{std::string(JobLimits::result_bytes_max + 1, ' ')}).error().code == Code::too_large);
    NewJob bad;
    bad.max_retries = -1;
    CHECK_FALSE(status_of(Expanded{{NewJob{}, bad}}));
    CHECK_FALSE(status_of(Expanded{std::vector<NewJob>(QueueLimits::children_max + 1)}));
    CHECK_FALSE(validate(Settlement{{}, 1, "", Released{}}));
    CHECK_FALSE(validate(Settlement{{}, 1, std::string(201, 'w'), Released{}}));
}

TEST_CASE("claims are checked: worker, limit and job types") {
    CHECK(validate(ClaimRequest{"w1", 256, std::vector<std::string>(64, "a")}).has_value());
    CHECK_FALSE(validate(ClaimRequest{"w1", 1, std::vector<std::string>(65, "a")}));
    CHECK_FALSE(validate(ClaimRequest{"w1", 1, {"a b"}}));
    CHECK_FALSE(validate(ClaimRequest{"w1", 0, {}}));
    CHECK(validate_finish({}, ClaimRequest{"w1", 0, {}}).has_value());
    CHECK_FALSE(validate_finish(std::vector<Settlement>(257), ClaimRequest{"w1", 1, {}}));
}

TEST_CASE("stats as JSON have the names users know") {
    QueueStats stats;
    stats.queued = 2;
    stats.failed = 1;
    stats.by_priority = {0, 1, 0, 1};
    stats.oldest_queued_seconds = 1.5;
    CHECK(
        to_json(stats) ==
        R"({"queued":2,"scheduled":0,"running":0,"completed":0,"failed":1,"cancelled":0,"pending":0,"total":3,)"
        R"("by_priority":{"low":0,"normal":1,"high":0,"urgent":1},"oldest_queued_seconds":1.5,"workers":0,"paused":false,)"
        R"("degraded":false,"outbox_depth":0})");
}
