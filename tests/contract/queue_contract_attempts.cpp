#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "contract/queue_desk.hpp"

namespace archaeologist {

void lease_promises(Desk& desk) {
    SUBCASE("a lease says all a worker needs, and the job shows who runs it") {
        NewJob wanted = desk.job();
        wanted.job_data = R"({"n":1})";
        const JobId id = desk.accept(wanted);
        const Lease lease = desk.claim_one("worker-7");
        const TimePoint now = desk.clock().now();
        CHECK(lease.id == id);
        CHECK(lease.epoch > 0);
        CHECK(lease.worker_id == "worker-7");
        CHECK(lease.job_type == "file_processing");
        CHECK(lease.job_data == wanted.job_data);
        CHECK(lease.project_id == wanted.project_id);
        CHECK(lease.attempt == 1);
        CHECK(lease.lease_until == now + lease_time);
        CHECK(lease.deadline == now + wanted.timeout);
        const Job job = desk.get(id);
        CHECK(job.status == JobStatus::running);
        CHECK(job.worker_id == "worker-7");
        CHECK(job.epoch == lease.epoch);
        CHECK(job.started_at == now);
    }
    SUBCASE("epochs never repeat, neither for one job nor over all") {
        std::set<std::uint64_t> epochs;
        for (int i = 0; i < 5; ++i) desk.accept();
        for (int round = 0; round < 4; ++round) {
            for (const Lease& lease : desk.claim(10)) {
                CHECK(epochs.insert(lease.epoch).second);
                REQUIRE(desk.queue().release(lease).has_value());
            }
        }
        CHECK(epochs.size() == 20);
    }
    SUBCASE("a job whose worker died runs again when its lease ends, not before") {
        const JobId id = desk.accept();
        const Lease lease = desk.claim_one("dead");
        desk.clock().advance(lease_time - 1ms);
        CHECK(desk.claim().empty());
        desk.clock().advance(1ms);
        const Lease again = desk.claim_one("alive");
        CHECK(again.id == id);
        CHECK(again.epoch > lease.epoch);
        CHECK(again.attempt == 2);
        CHECK(again.retry_count == 0);
    }
    SUBCASE("a paused worker's completion is refused after its job was leased again") {
        const JobId id = desk.accept();
        const Lease slow = desk.claim_one("slow");
        desk.clock().advance(lease_time);
        const Lease quick = desk.claim_one("quick");
        CHECK(code_of(desk.queue().complete(slow, R"({"by":"slow"})")) == Code::lease_lost);
        CHECK(desk.status(id) == JobStatus::running);
        CHECK(desk.queue().complete(quick, R"({"by":"quick"})").has_value());
        CHECK(desk.get(id).result_data == R"({"by":"quick"})");
    }
    SUBCASE("another worker cannot settle or renew a lease that is not its own") {
        desk.accept();
        Lease lease = desk.claim_one("owner");
        lease.worker_id = "thief";
        CHECK(code_of(desk.queue().complete(lease)) == Code::lease_lost);
        CHECK(desk.beat(lease).lost == std::vector{lease.id});
    }
    SUBCASE("heartbeats keep a lease alive as long as they come") {
        const JobId id = desk.accept();
        const Lease lease = desk.claim_one();
        for (int i = 0; i < 10; ++i) {
            desk.clock().advance(9s);
            const HeartbeatReply reply = desk.beat(lease);
            CHECK(reply.lost.empty());
            CHECK(reply.cancelled.empty());
            CHECK(desk.claim().empty());
        }
        CHECK(desk.queue().complete(lease).has_value());
        CHECK(desk.status(id) == JobStatus::completed);
    }
    SUBCASE("a heartbeat carries progress") {
        const JobId id = desk.accept();
        desk.beat(desk.claim_one(), 3, 12, "chunking");
        const Job job = desk.get(id);
        CHECK(job.progress_current == 3);
        CHECK(job.progress_total == 12);
        CHECK(job.progress_message == "chunking");
    }
    SUBCASE("a heartbeat says which jobs are lost, and renews the others") {
        desk.accept();
        const Lease lost = desk.claim_one();
        desk.clock().advance(lease_time);
        const Lease taken = desk.claim_one("w2");
        desk.accept();
        const Lease kept = desk.claim_one();
        const JobId unheard_of(Uuid::v7(desk.clock().now()));
        const std::vector<Beat> beats{
            {lost.id, lost.epoch, 0, 0, ""}, {kept.id, kept.epoch, 0, 0, ""}, {unheard_of, 1, 0, 0, ""}};
        const auto reply = desk.queue().heartbeat("w1", beats);
        REQUIRE(reply.has_value());
        CHECK(reply->lost == std::vector{lost.id, unheard_of});
        CHECK(reply->cancelled.empty());
        CHECK(desk.queue().complete(taken).has_value());
    }
    SUBCASE("heartbeats do not carry a lease past its deadline; then it timed out and is retried") {
        NewJob wanted = desk.job();
        wanted.timeout = 15s;
        const JobId id = desk.accept(wanted);
        const Lease lease = desk.claim_one();
        desk.clock().advance(9s);
        desk.beat(lease);
        desk.clock().advance(6s);
        CHECK(desk.claim().size() <= 1);  // due at once when the backoff drew 0
        const Job job = desk.get(id);
        CHECK(job.retry_count == 1);
        CHECK(job.error_message.find("timed out after 15 s") != std::string::npos);
        CHECK(code_of(desk.queue().complete(lease)) == Code::lease_lost);
        CHECK(job.attempts.front().outcome == "timed_out");
    }
    SUBCASE("a job past its deadline is its worker's to settle until a claim takes it back") {
        NewJob wanted = desk.job();
        wanted.timeout = 5s;
        const JobId id = desk.accept(wanted);
        const Lease lease = desk.claim_one();
        desk.clock().advance(6s);
        CHECK(desk.beat(lease).lost.empty());
        CHECK(desk.settle(lease, failure("timed out after 5 s")).has_value());
        CHECK(desk.get(id).error_message == "timed out after 5 s");
    }
}

void failure_promises(Desk& desk) {
    SUBCASE("a failed job is retried with backoff that doubles its bound, until retries are used up") {
        NewJob wanted = desk.job();
        wanted.max_retries = 3;
        const JobId id = desk.accept(wanted);
        for (int spent = 0; spent < 3; ++spent) {
            const Lease lease = desk.claim_one();
            CHECK(lease.retry_count == spent);
            CHECK(lease.attempt == spent + 1);
            REQUIRE(desk.settle(lease, failure()).has_value());
            CHECK(desk.status(id) == JobStatus::queued);
            desk.clock().advance(std::chrono::seconds{1 << spent});
        }
        REQUIRE(desk.settle(desk.claim_one(), failure("the last straw")).has_value());
        const Job job = desk.get(id);
        CHECK(job.status == JobStatus::failed);
        CHECK(job.error_message == "the last straw");
        CHECK(job.retry_count == 3);
        CHECK(job.completed_at == desk.clock().now());
        CHECK(desk.claim().empty());
    }
    SUBCASE("jobs that failed together do not come back together") {
        constexpr std::size_t count = 200;
        REQUIRE(desk.queue().enqueue(std::vector<NewJob>(count, desk.job())).has_value());
        for (const Lease& lease : desk.claim(count)) REQUIRE(desk.settle(lease, failure()).has_value());
        desk.clock().advance(500ms);
        const std::size_t half = desk.claim(count).size();
        CHECK(half > count / 4);
        CHECK(half < count * 3 / 4);
    }
    SUBCASE("a waiting job that failed before shows its last error") {
        const JobId id = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), failure("disk on fire")).has_value());
        CHECK(desk.get(id).error_message == "disk on fire");
        REQUIRE(desk.queue().complete(desk.claim_later()).has_value());
        CHECK(desk.get(id).error_message.empty());
    }
    SUBCASE("a permanent failure fails at once") {
        const JobId id = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Failed{.message = "not a PDF", .permanent = true}).has_value());
        const Job job = desk.get(id);
        CHECK(job.status == JobStatus::failed);
        CHECK(job.error_message == "not a PDF");
        CHECK(job.retry_count == 0);
    }
    SUBCASE("a long message is cut at a code point") {
        std::string message(JobLimits::error_bytes_max - 1, 'x');
        message += "ü and more";
        const JobId id = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Failed{.message = message, .permanent = true}).has_value());
        CHECK(desk.get(id).error_message == message.substr(0, JobLimits::error_bytes_max - 1));
    }
    SUBCASE("a released job runs again at once and spends no retry") {
        NewJob wanted = desk.job();
        wanted.max_retries = 0;
        const JobId id = desk.accept(wanted);
        for (int i = 0; i < 5; ++i) {
            const Lease lease = desk.claim_one();
            CHECK(lease.id == id);
            CHECK(lease.retry_count == 0);
            REQUIRE(desk.queue().release(lease).has_value());
            CHECK(desk.status(id) == JobStatus::queued);
        }
    }
    SUBCASE("a delayed job waits its time and spends no retry") {
        NewJob wanted = desk.job();
        wanted.max_retries = 0;
        const JobId id = desk.accept(wanted);
        REQUIRE(desk.settle(desk.claim_one(), Delayed{.message = "429", .wait = 30s}).has_value());
        CHECK(desk.get(id).error_message == "429");
        desk.clock().advance(30s - 1ms);
        CHECK(desk.claim().empty());
        desk.clock().advance(1ms);
        CHECK(desk.claim_one().retry_count == 0);
    }
    SUBCASE("a delay is at most an hour") {
        desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Delayed{.message = "", .wait = std::chrono::hours{9999}}).has_value());
        desk.clock().advance(std::chrono::hours{1});
        CHECK(desk.claim().size() == 1);
    }
    SUBCASE("a job that crashes its worker three times fails, with that said") {
        const JobId id = desk.accept();
        for (int crash = 1; crash <= 3; ++crash) {
            desk.claim_one("victim-" + std::to_string(crash));
            desk.clock().advance(lease_time);
        }
        CHECK(desk.claim().empty());
        const Job job = desk.get(id);
        CHECK(job.status == JobStatus::failed);
        CHECK(job.error_message.find("crash 3 of 3") != std::string::npos);
        CHECK(job.retry_count == 0);
        CHECK(job.attempts.back().outcome == "lease_expired");
    }
}

void final_promises(Desk& desk) {
    SUBCASE("a completed job is final and keeps its result") {
        const JobId id = desk.accept();
        const Lease lease = desk.claim_one();
        desk.clock().advance(1'500ms);
        REQUIRE(desk.queue().complete(lease, R"({"chunks":4})").has_value());
        CHECK(code_of(desk.queue().complete(lease, "{}")) == Code::lease_lost);
        CHECK(code_of(desk.settle(lease, failure())) == Code::lease_lost);
        CHECK(code_of(desk.queue().cancel(id)) == Code::conflict);
        CHECK(desk.beat(lease).lost == std::vector{id});
        const Job job = desk.get(id);
        CHECK(job.status == JobStatus::completed);
        CHECK(job.result_data == R"({"chunks":4})");
        CHECK(job.completed_at == desk.clock().now());
        CHECK(job.duration_seconds(desk.clock().now()) == 1.5);
        CHECK(job.progress_percentage() == 100);
    }
    SUBCASE("a result that is no JSON object is refused, and the job stays the worker's") {
        const JobId id = desk.accept();
        const Lease lease = desk.claim_one();
        CHECK(code_of(desk.queue().complete(lease, "not json")) == Code::invalid_argument);
        CHECK(code_of(desk.queue().complete(lease, "")) == Code::invalid_argument);
        CHECK(desk.status(id) == JobStatus::running);
        CHECK(desk.queue().complete(lease).has_value());
    }
    SUBCASE("settling a job that does not exist says so") {
        desk.accept();
        Lease lease = desk.claim_one();
        lease.id = JobId(Uuid::v7(desk.clock().now()));
        CHECK(code_of(desk.queue().complete(lease)) == Code::not_found);
    }
    SUBCASE("a waiting job is cancelled at once and never runs") {
        const JobId id = desk.accept();
        NewJob later = desk.job();
        later.scheduled_at = desk.clock().now() + 1min;
        const JobId scheduled = desk.accept(later);
        REQUIRE(desk.queue().cancel(id).has_value());
        REQUIRE(desk.queue().cancel(scheduled).has_value());
        CHECK(desk.status(id) == JobStatus::cancelled);
        CHECK(desk.get(id).completed_at == desk.clock().now());
        desk.clock().advance(2min);
        CHECK(desk.claim(10).empty());
        CHECK(code_of(desk.queue().cancel(id)) == Code::conflict);
        CHECK(code_of(desk.queue().cancel(JobId(Uuid::v7(desk.clock().now())))) == Code::not_found);
    }
    SUBCASE("a running job is cancelled at once, and its worker hears of it in its heartbeat") {
        const JobId id = desk.accept();
        const Lease lease = desk.claim_one();
        REQUIRE(desk.queue().cancel(id).has_value());
        CHECK(desk.status(id) == JobStatus::cancelled);
        const HeartbeatReply reply = desk.beat(lease);
        CHECK(reply.cancelled == std::vector{id});
        CHECK(reply.lost.empty());
    }
    SUBCASE("cancel wins over completion, failure and a lease that expires") {
        for (const Outcome& outcome : {Outcome(Completed{}), failure(), Outcome(Released{})}) {
            const JobId id = desk.accept();
            const Lease lease = desk.claim_one();
            REQUIRE(desk.queue().cancel(id).has_value());
            CHECK(code_of(desk.settle(lease, outcome)) == Code::lease_lost);
            desk.clock().advance(std::chrono::hours{2});
            CHECK(desk.claim().empty());
            CHECK(desk.status(id) == JobStatus::cancelled);
            CHECK(desk.get(id).attempts.back().outcome == "cancelled");
        }
    }
    SUBCASE("each attempt is kept: who, when, and how it ended") {
        const JobId id = desk.accept();
        const TimePoint start = desk.clock().now();
        const Lease first = desk.claim_one("w1");
        desk.clock().advance(2s);
        REQUIRE(desk.settle(first, failure("bad luck")).has_value());
        const Lease second = desk.claim_later("w2");
        REQUIRE(desk.queue().release(second).has_value());
        const Lease third = desk.claim_one("w3");
        const Job job = desk.get(id);
        REQUIRE(job.attempts.size() == 3);
        CHECK(job.attempts[0].epoch == first.epoch);
        CHECK(job.attempts[0].worker_id == "w1");
        CHECK(job.attempts[0].started_at == start);
        CHECK(job.attempts[0].ended_at == start + 2s);
        CHECK(job.attempts[0].outcome == "retried");
        CHECK(job.attempts[0].error_message == "bad luck");
        CHECK(job.attempts[1].outcome == "released");
        CHECK(job.attempts[2].epoch == third.epoch);
        CHECK_FALSE(job.attempts[2].ended_at.has_value());
        CHECK(third.attempt == 3);
    }
}

}  // namespace archaeologist
