#include "contract/queue_contract.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "contract/queue_desk.hpp"

namespace archaeologist {

void enqueue_promises(Desk& desk) {
    SUBCASE("an accepted job is there as it was given, queued") {
        NewJob wanted = desk.job(Priority::high);
        wanted.job_type = "my.job-type_1";
        wanted.job_data = R"({"path":"a.txt"})";
        wanted.max_retries = 7;
        wanted.timeout = 42s;
        const Job job = desk.get(desk.accept(wanted));
        CHECK(job.status == JobStatus::queued);
        CHECK(job.job_type == "my.job-type_1");
        CHECK(job.priority == Priority::high);
        CHECK(job.project_id == wanted.project_id);
        CHECK(job.user_id == local_user);
        CHECK(job.job_data == wanted.job_data);
        CHECK(job.max_retries == 7);
        CHECK(job.timeout == 42s);
        CHECK(job.created_at == desk.clock().now());
        CHECK(job.queued_at == desk.clock().now());
        CHECK_FALSE(job.started_at.has_value());
        CHECK(job.epoch == 0);
        CHECK(job.attempts.empty());
    }
    SUBCASE("enqueueing the same id again changes nothing") {
        NewJob wanted = desk.job();
        wanted.id = JobId(Uuid::v7(desk.clock().now()));
        CHECK(desk.accept(wanted) == wanted.id);
        wanted.job_data = R"({"other":1})";
        CHECK(desk.accept(wanted) == wanted.id);
        CHECK(desk.get(wanted.id).job_data == "{}");
        REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
        CHECK(desk.accept(wanted) == wanted.id);
        CHECK(desk.status(wanted.id) == JobStatus::completed);
        CHECK(desk.claim(10).empty());
    }
    SUBCASE("ids come back in order, and nil ids are filled in") {
        std::vector<NewJob> wanted(3, desk.job());
        wanted[1].id = JobId(Uuid::v7(desk.clock().now()));
        const auto ids = desk.queue().enqueue(wanted);
        REQUIRE(ids.has_value());
        REQUIRE(ids->size() == 3);
        CHECK((*ids)[1] == wanted[1].id);
        CHECK(std::set<JobId>(ids->begin(), ids->end()).size() == 3);
        CHECK_FALSE((*ids)[0].is_nil());
    }
    SUBCASE("one bad job in a call refuses the whole call") {
        std::vector<NewJob> wanted(3, desk.job());
        wanted[2].max_retries = -1;
        CHECK(code_of(desk.queue().enqueue(wanted)) == Code::invalid_argument);
        CHECK(desk.claim(10).empty());
        CHECK(desk.stats().queued == 0);
    }
    SUBCASE("jobs that break a rule are refused") {
        const auto refused = [&](auto&& spoil) {
            NewJob wanted = desk.job();
            spoil(wanted);
            return code_of(desk.queue().enqueue({&wanted, 1}));
        };
        CHECK(refused([](NewJob& job) { job.job_type = ""; }) == Code::invalid_argument);
        CHECK(refused([](NewJob& job) { job.job_type = "two words"; }) == Code::invalid_argument);
        CHECK(refused([](NewJob& job) { job.job_data = "[1]"; }) == Code::invalid_argument);
        CHECK(refused([](NewJob& job) { job.job_data = "{\"a\":"; }) == Code::invalid_argument);
        CHECK(refused([](NewJob& job) { job.timeout = 0s; }) == Code::invalid_argument);
        CHECK(refused([](NewJob& job) { job.max_retries = JobLimits::retries_max + 1; }) == Code::invalid_argument);
        CHECK(code_of(desk.queue().enqueue(std::vector<NewJob>(10'001, desk.job()))) == Code::invalid_argument);
        CHECK(desk.stats().queued == 0);
    }
    SUBCASE("getting a job that does not exist says so") {
        CHECK(code_of(desk.queue().get(JobId(Uuid::v7(desk.clock().now())))) == Code::not_found);
    }
}

void order_promises(Desk& desk) {
    SUBCASE("a higher priority runs first, whatever came first") {
        const JobId low = desk.accept(desk.job(Priority::low));
        const JobId normal = desk.accept(desk.job(Priority::normal));
        const JobId high = desk.accept(desk.job(Priority::high));
        const JobId urgent = desk.accept(desk.job(Priority::urgent));
        CHECK(ids_of(desk.claim(10)) == std::vector{urgent, high, normal, low});
    }
    SUBCASE("jobs of one priority run in the order they came") {
        std::vector<JobId> accepted(20);
        for (JobId& id : accepted) id = desk.accept();
        CHECK(ids_of(desk.claim(20)) == accepted);
    }
    SUBCASE("a head start beats age by its amount and no more: nothing starves") {
        const JobId old_one = desk.accept();
        desk.clock().advance(59min);
        const JobId high = desk.accept(desk.job(Priority::high));
        desk.clock().advance(2min);
        const JobId late_high = desk.accept(desk.job(Priority::high));
        CHECK(ids_of(desk.claim(10)) == std::vector{high, old_one, late_high});
    }
    SUBCASE("a flood of one project does not hold up another's single job") {
        REQUIRE(desk.queue().enqueue(std::vector<NewJob>(1'000, desk.job())).has_value());
        desk.clock().advance(50ms);
        NewJob single = desk.job();
        single.project_id = desk.other_project();
        const JobId id = desk.accept(single);
        const auto first = ids_of(desk.claim(10));
        CHECK(std::find(first.begin(), first.end(), id) != first.end());
    }
    SUBCASE("a retried job keeps its place") {
        const JobId first = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), failure()).has_value());
        desk.accept();
        CHECK(desk.claim_later().id == first);
    }
    SUBCASE("a claim names the job types it takes, and leaves the others") {
        NewJob wanted = desk.job();
        wanted.job_type = "other";
        const JobId other = desk.accept(wanted);
        const JobId file = desk.accept();
        const ClaimRequest files{.worker_id = "w1", .limit = 10, .job_types = {"file_processing", "unheard_of"}};
        const auto claimed = desk.queue().claim(files, 0ms);
        REQUIRE(claimed.has_value());
        CHECK(ids_of(*claimed) == std::vector{file});
        CHECK(ids_of(desk.claim(10)) == std::vector{other});
    }
    SUBCASE("a claim takes at most its limit, and a limit out of bounds is refused") {
        for (int i = 0; i < 5; ++i) desk.accept();
        CHECK(desk.claim(3).size() == 3);
        CHECK(desk.claim(256).size() == 2);
        CHECK(desk.claim(1).empty());
        for (const int limit : {-1, 0, 257}) {
            const ClaimRequest request{.worker_id = "w1", .limit = limit, .job_types = {}};
            CHECK(code_of(desk.queue().claim(request, 0ms)) == Code::invalid_argument);
        }
        const ClaimRequest nobody{.worker_id = "", .limit = 1, .job_types = {}};
        CHECK(code_of(desk.queue().claim(nobody, 0ms)) == Code::invalid_argument);
    }
    SUBCASE("a scheduled job is not run before its time, and then is") {
        NewJob wanted = desk.job(Priority::urgent);
        wanted.scheduled_at = desk.clock().now() + 1min;
        const JobId id = desk.accept(wanted);
        CHECK(desk.claim().empty());
        CHECK(desk.stats().scheduled == 1);
        desk.clock().advance(59'999ms);
        CHECK(desk.claim().empty());
        desk.clock().advance(1ms);
        CHECK(desk.claim_one().id == id);
    }
    SUBCASE("a job scheduled far ahead does not put off its project's other jobs") {
        NewJob wanted = desk.job();
        wanted.scheduled_at = desk.clock().now() + std::chrono::hours{24 * 7};
        desk.accept(wanted);
        const JobId own = desk.accept();
        desk.clock().advance(1s);
        NewJob others = desk.job();
        others.project_id = desk.other_project();
        desk.accept(others);
        CHECK(desk.claim_one().id == own);
    }
}

void finish_claim_promises(Desk& desk) {
    SUBCASE("finish_claim settles and claims in one call, and refuses stale settlements singly") {
        for (int i = 0; i < 4; ++i) desk.accept();
        const auto held = desk.claim(3);
        REQUIRE(desk.queue().complete(held[1]).has_value());
        const std::vector<Settlement> settlements{settlement_of(held[0], Completed{R"({"n":0})"}),
                                                  settlement_of(held[1], Completed{}),
                                                  settlement_of(held[2], Failed{.message = "no", .permanent = true})};
        const ClaimRequest request{.worker_id = "w1", .limit = 3, .job_types = {}};
        const auto reply = desk.queue().finish_claim(settlements, request);
        REQUIRE(reply.has_value());
        REQUIRE(reply->settled.size() == 3);
        CHECK(reply->settled[0].has_value());
        CHECK(code_of(reply->settled[1]) == Code::lease_lost);
        CHECK(reply->settled[2].has_value());
        CHECK(reply->claimed.size() == 1);
        CHECK(desk.get(held[0].id).result_data == R"({"n":0})");
        CHECK(desk.status(held[2].id) == JobStatus::failed);
    }
    SUBCASE("a bad result refuses its own settlement only, and the claim goes on") {
        for (int i = 0; i < 3; ++i) desk.accept();
        const auto held = desk.claim(2);
        const std::vector<Settlement> settlements{settlement_of(held[0], Completed{"[1]"}),
                                                  settlement_of(held[1], Completed{})};
        const auto reply = desk.queue().finish_claim(settlements, {.worker_id = "w1", .limit = 1, .job_types = {}});
        REQUIRE(reply.has_value());
        CHECK(code_of(reply->settled[0]) == Code::invalid_argument);
        CHECK(reply->settled[1].has_value());
        CHECK(reply->claimed.size() == 1);
        CHECK(desk.status(held[0].id) == JobStatus::running);
    }
    SUBCASE("finish_claim with limit 0 settles and claims nothing") {
        for (int i = 0; i < 2; ++i) desk.accept();
        const std::vector<Settlement> settlements{settlement_of(desk.claim_one(), Completed{})};
        const auto reply = desk.queue().finish_claim(settlements, {.worker_id = "w1", .limit = 0, .job_types = {}});
        REQUIRE(reply.has_value());
        CHECK(reply->settled[0].has_value());
        CHECK(reply->claimed.empty());
    }
    SUBCASE("finish_claim may claim what it just released") {
        const JobId id = desk.accept();
        const std::vector<Settlement> settlements{settlement_of(desk.claim_one(), Released{})};
        const auto reply = desk.queue().finish_claim(settlements, {.worker_id = "w1", .limit = 1, .job_types = {}});
        REQUIRE(reply.has_value());
        CHECK(ids_of(reply->claimed) == std::vector{id});
    }
    SUBCASE("stats count jobs by state, due ones by priority, and say how long the oldest waits") {
        for (int i = 0; i < 5; ++i) desk.accept();
        REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
        REQUIRE(desk.settle(desk.claim_one(), Failed{.message = "no", .permanent = true}).has_value());
        REQUIRE(desk.queue().cancel(desk.claim_one().id).has_value());
        desk.claim_one();
        desk.accept(desk.job(Priority::urgent));
        NewJob later = desk.job();
        later.scheduled_at = desk.clock().now() + std::chrono::hours{1};
        desk.accept(later);
        desk.clock().advance(5s);
        const QueueStats stats = desk.stats();
        CHECK(stats.queued == 2);
        CHECK(stats.scheduled == 1);
        CHECK(stats.running == 1);
        CHECK(stats.completed == 1);
        CHECK(stats.failed == 1);
        CHECK(stats.cancelled == 1);
        CHECK(stats.pending == 0);
        CHECK(stats.by_priority == std::array<std::int64_t, 4>{0, 1, 0, 1});
        CHECK(stats.oldest_queued_seconds == doctest::Approx(5));
    }
}

void queue_contract(const QueueFactory& make) {
    Desk desk(make());
    enqueue_promises(desk);
    order_promises(desk);
    lease_promises(desk);
    failure_promises(desk);
    final_promises(desk);
    finish_claim_promises(desk);
    thread_promises(desk);
    retry_promises(desk);
    removal_promises(desk);
    priority_promises(desk);
    bulk_promises(desk);
    settings_promises(desk);
    limit_promises(desk);
    periodic_promises(desk);
    once_promises(desk);
    suspect_promises(desk);
    worker_promises(desk);
    wait_promises(desk);
    SUBCASE("batches") { batch_promises(desk); }
}

}  // namespace archaeologist
