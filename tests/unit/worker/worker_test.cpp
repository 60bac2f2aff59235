#include "archaeologist/worker.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "queue/memory.hpp"
#include "support/manual_clock.hpp"
#include "support/observed_queue.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

using Handlers = std::map<std::string, JobHandler, std::less<>>;

// Opens once; everybody waits for it.
class Gate {
public:
    void open() { promise_.set_value(); }
    void wait() const { opened_.wait(); }

private:
    std::promise<void> promise_;
    std::shared_future<void> opened_ = promise_.get_future().share();
};

Outcome wait_for_stop(JobContext& context, Outcome outcome) {
    while (!context.stop_requested()) std::this_thread::sleep_for(1ms);  // the handler's work
    return outcome;
}

Outcome done() { return Completed{}; }

// A queue in memory with workers on it, on the machine's clock.
struct Shop {
    QueueOptions queue_options{.lease = 60s, .backoff_base = 1ms, .backoff_cap = 1ms};
    MemoryQueue memory{queue_options, system_clock(), 7};
    ObservedQueue queue{memory};

    Shop() = default;
    explicit Shop(std::chrono::milliseconds lease)
        : queue_options{.lease = lease, .backoff_base = 1ms, .backoff_cap = 1ms} {}

    [[nodiscard]] WorkerOptions options(int slots = 1) const {
        return {.worker_id = "w1", .slots = slots, .heartbeat = 10ms, .lease = queue_options.lease, .grace = 30s};
    }
    [[nodiscard]] std::unique_ptr<Worker> hire(Handlers handlers, WorkerOptions with) {
        return std::make_unique<Worker>(queue, std::move(handlers), std::move(with), system_clock(), LogSink{});
    }
    [[nodiscard]] std::unique_ptr<Worker> hire(JobHandler handler, int slots = 1) {
        return hire(Handlers{{"file_processing", std::move(handler)}}, options(slots));
    }
    JobId accept(NewJob job = {}) {
        const auto ids = queue.enqueue({&job, 1});
        REQUIRE(ids.has_value());
        return ids->front();
    }
    [[nodiscard]] Job get(JobId id) { return queue.get(id).value(); }
    [[nodiscard]] bool becomes(JobId id, JobStatus status) {
        return queue.eventually([&] { return get(id).status == status; });
    }
};

}  // namespace

TEST_CASE("a worker runs a job and settles what its handler returns") {
    Shop shop;
    const auto worker = shop.hire(
        [](JobContext& context) -> Outcome { return Completed{R"({"echo":)" + context.lease().job_data + "}"}; });
    NewJob wanted;
    wanted.job_data = R"({"n":1})";
    const JobId id = shop.accept(wanted);
    REQUIRE(shop.becomes(id, JobStatus::completed));
    CHECK(shop.get(id).result_data == R"({"echo":{"n":1}})");
    CHECK(shop.get(id).worker_id == "w1");
    worker->drain();
    CHECK(worker->status().processed == 1);
    CHECK(worker->status().failed == 0);
    CHECK(worker->status().running.empty());
}

TEST_CASE("a worker without a name takes one from host, process and chance") {
    Shop shop;
    WorkerOptions options = shop.options();
    options.worker_id.clear();
    const auto one = shop.hire({}, options);
    const auto two = shop.hire({}, options);
    CHECK(one->status().worker_id != two->status().worker_id);
    CHECK(one->status().worker_id.find('-') != std::string::npos);
}

TEST_CASE("a worker with the id of a live one is refused, and takes over when that one leaves") {
    Shop shop;
    const auto first = shop.hire([](JobContext&) { return done(); });
    REQUIRE(shop.queue.eventually([&] { return shop.queue.stats().value().workers == 1; }));
    const auto second = shop.hire([](JobContext&) { return done(); });
    REQUIRE(shop.queue.eventually([&] { return second->status().state == "refused"; }));
    CHECK(first->status().state == "running");
    first->drain();
    CHECK(shop.becomes(shop.accept(), JobStatus::completed));
    CHECK(second->status().state == "running");
    second->drain();
    CHECK(shop.queue.stats().value().workers == 0);
}

TEST_CASE("a refused worker drains at once, and leaves the other its place") {
    Shop shop;
    const auto first = shop.hire([](JobContext&) { return done(); });
    REQUIRE(shop.queue.eventually([&] { return shop.queue.stats().value().workers == 1; }));
    const auto second = shop.hire([](JobContext&) { return done(); });
    REQUIRE(shop.queue.eventually([&] { return second->status().state == "refused"; }));
    second->drain();
    CHECK(second->status().state == "stopped");
    CHECK(shop.queue.stats().value().workers == 1);
}

TEST_CASE("a job type without a handler is never claimed") {
    Shop shop;
    NewJob other;
    other.job_type = "other";
    const JobId left = shop.accept(other);
    WorkerOptions nothing_known = shop.options();
    nothing_known.worker_id = "w2";
    const auto idle = shop.hire({}, nothing_known);
    const auto worker = shop.hire([](JobContext&) { return done(); });
    REQUIRE(shop.becomes(shop.accept(), JobStatus::completed));
    worker->drain();
    idle->drain();
    CHECK(shop.get(left).status == JobStatus::queued);
    CHECK(shop.get(left).attempts.empty());
}

TEST_CASE("many jobs over many threads of two workers are each done exactly once") {
    constexpr std::size_t count = 500;
    Shop shop;
    Mutex mutex;
    std::map<JobId, int> runs;
    const JobHandler handler = [&](JobContext& context) {
        const MutexLock lock(mutex);
        ++runs[context.lease().id];
        return done();
    };
    WorkerOptions second = shop.options(3);
    second.worker_id = "w2";
    const auto one = shop.hire(handler, 4);
    const auto two = shop.hire(Handlers{{"file_processing", handler}}, second);
    REQUIRE(shop.queue.enqueue(std::vector<NewJob>(count)).has_value());
    REQUIRE(shop.queue.eventually([&] { return shop.queue.stats()->completed == static_cast<int>(count); }));
    one->drain();
    two->drain();
    CHECK(runs.size() == count);
    for (const auto& [id, times] : runs) CHECK(times == 1);
    CHECK(one->status().processed + two->status().processed == static_cast<int>(count));
}

TEST_CASE("a job claimed ahead of short ones is handed back when a long one takes the slot") {
    Shop shop;
    std::atomic<int> round = 0;
    const auto lasts_for = [](int number) { return R"({"lasts_for_round":)" + std::to_string(number) + "}"; };
    const JobHandler handler = [&](JobContext& context) {
        for (int now = round; context.lease().job_data == lasts_for(now); now = round) round.wait(now);
        return done();
    };
    const auto worker = shop.hire(handler);
    JobId long_one, short_one;
    const auto is_claimed_ahead = [&] {
        for (int i = 0; i < 50; ++i) REQUIRE(shop.becomes(shop.accept(), JobStatus::completed));
        REQUIRE(shop.queue.pause().has_value());
        NewJob wanted;
        wanted.job_data = lasts_for(round);
        long_one = shop.accept(wanted);
        short_one = shop.accept();
        REQUIRE(shop.queue.resume().has_value());
        REQUIRE(shop.becomes(long_one, JobStatus::running));
        const Job job = shop.get(short_one);
        return job.status == JobStatus::running || !job.attempts.empty();
    };
    // A loaded machine makes short handlers long, and then nothing is claimed ahead.
    for (int tries = 0; !is_claimed_ahead(); ++tries) {
        REQUIRE(tries < 50);
        ++round;
        round.notify_all();
        REQUIRE(shop.becomes(short_one, JobStatus::completed));
    }
    WorkerOptions second = shop.options();
    second.worker_id = "w2";
    const auto other = shop.hire({{"file_processing", handler}}, second);
    CHECK(shop.becomes(short_one, JobStatus::completed));
    const Job job = shop.get(short_one);
    CHECK(job.worker_id == "w2");
    REQUIRE(job.attempts.size() == 2);
    CHECK(job.attempts[0].worker_id == "w1");
    CHECK(job.attempts[0].outcome == "released");
    CHECK(job.retry_count == 0);
    ++round;
    round.notify_all();
}

TEST_CASE("a result is settled although a claim for another slot is still waiting") {
    Shop shop;
    Gate gate;
    const auto worker = shop.hire(
        [&](JobContext&) {
            gate.wait();
            return done();
        },
        2);
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::running));
    shop.queue.hold_claims();
    REQUIRE(shop.queue.eventually([&] { return shop.queue.claims_held() == 1; }));
    gate.open();
    CHECK(shop.becomes(id, JobStatus::completed));
    shop.queue.let_claims_go();
}

TEST_CASE("a cancelled job's handler is told to stop") {
    Shop shop;
    const auto worker = shop.hire([](JobContext& context) { return wait_for_stop(context, done()); });
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::running));
    REQUIRE(shop.queue.cancel(id).has_value());
    REQUIRE(shop.queue.eventually([&] { return worker->status().running.empty(); }));
    worker->drain();
    CHECK(shop.get(id).status == JobStatus::cancelled);
    CHECK(shop.get(id).result_data.empty());
    CHECK(worker->status().processed == 0);
}

TEST_CASE("progress is visible while a job runs") {
    Shop shop;
    Gate gate;
    const auto worker = shop.hire([&](JobContext& context) {
        context.progress(3, 10, "three of ten");
        gate.wait();
        return done();
    });
    const JobId id = shop.accept();
    CHECK(shop.queue.eventually([&] { return shop.get(id).progress_current == 3; }));
    CHECK(shop.get(id).progress_total == 10);
    CHECK(shop.get(id).progress_message == "three of ten");
    CHECK(worker->status().running.size() == 1);
    gate.open();
    CHECK(shop.becomes(id, JobStatus::completed));
}

TEST_CASE("progress that changed is told long before the next heartbeat of all leases is due") {
    Shop shop;
    Gate seen;
    WorkerOptions options = shop.options();
    options.heartbeat = 20s;
    const auto worker = shop.hire(Handlers{{"file_processing",
                                            [&](JobContext& context) {
                                                context.progress(3, 12, "chunking");
                                                seen.wait();
                                                return done();
                                            }}},
                                  options);
    const auto asked_at = std::chrono::steady_clock::now();
    const JobId id = shop.accept();
    CHECK(shop.queue.eventually([&] { return shop.get(id).progress_current == 3; }));
    CHECK(std::chrono::steady_clock::now() - asked_at < 10s);
    seen.open();
    CHECK(shop.becomes(id, JobStatus::completed));
}

TEST_CASE("a worker's status says what it runs, since when, and when the queue last answered a claim") {
    Shop shop;
    Gate finish;
    const TimePoint before = system_clock().now();
    const auto worker = shop.hire([&](JobContext&) {
        finish.wait();
        return done();
    });
    const JobId id = shop.accept();
    REQUIRE(shop.queue.eventually([&] { return worker->status().running.size() == 1; }));
    const WorkerStatus status = worker->status();
    CHECK(status.running[0].id == id);
    CHECK(status.running[0].job_type == "file_processing");
    CHECK(status.running[0].started_at >= before);
    CHECK(status.running[0].started_at <= system_clock().now());
    REQUIRE(status.last_claim_at.has_value());
    CHECK(*status.last_claim_at >= before);
    CHECK(status.since >= before);
    CHECK(to_json(status) ==
          R"({"worker_id":"w1","state":"running","since":")" + to_rfc3339(status.since) +
              R"(","running":[{"job_id":")" + id.text() + R"(","job_type":"file_processing","started_at":")" +
              to_rfc3339(status.running[0].started_at) + R"("}],"processed":0,"failed":0,"last_claim_at":")" +
              to_rfc3339(*status.last_claim_at) + R"("})");
    finish.open();
    REQUIRE(shop.becomes(id, JobStatus::completed));
    worker->drain();
    CHECK(worker->status().since >= status.since);
}

TEST_CASE("a state begins when the worker enters it, and a claim that was never answered has no time") {
    MemoryQueue memory(QueueOptions{}, system_clock(), 7);
    ManualClock clock;
    ObservedQueue queue(memory);
    queue.claims_to_fail = 1'000'000;
    Worker worker(queue, {{"file_processing", [](JobContext&) { return done(); }}}, {.worker_id = "w1"}, clock,
                  LogSink{});
    const TimePoint hired_at = clock.now();
    CHECK(worker.status().since == hired_at);
    clock.advance(5s);
    CHECK(worker.status().since == hired_at);
    worker.drain();
    CHECK(worker.status().state == "stopped");
    CHECK(worker.status().since == hired_at + 5s);
    CHECK(to_json(worker.status()).ends_with(R"("running":[],"processed":0,"failed":0,"last_claim_at":null})"));
}

TEST_CASE("a message about a job names it") {
    Shop shop;
    Mutex mutex;
    std::vector<JobId> named;
    const auto log = [&](const LogRecord& record) {
        const MutexLock lock(mutex);
        if (record.job_id) named.push_back(*record.job_id);
    };
    Worker worker(shop.queue,
                  {{"file_processing", [](JobContext& context) { return wait_for_stop(context, Completed{}); }}},
                  shop.options(), system_clock(), log);
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::running));
    REQUIRE(shop.queue.cancel(id));
    worker.drain();
    const MutexLock lock(mutex);
    CHECK(named == std::vector<JobId>{id});
}

TEST_CASE("a handler that throws fails its attempt, not the worker") {
    Shop shop;
    const auto worker = shop.hire([](JobContext& context) -> Outcome {
        if (context.attempt() == 1) throw std::runtime_error("boom");
        if (context.attempt() == 2) throw 42;
        return done();
    });
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::completed));
    const Job job = shop.get(id);
    CHECK(job.retry_count == 2);
    CHECK(job.attempts[0].error_message == "handler threw: boom");
    CHECK(job.attempts[1].error_message == "handler threw: something that is no std::exception");
}

TEST_CASE("a result that is no JSON object fails the job for good, with that said") {
    Shop shop;
    const auto worker = shop.hire([](JobContext&) -> Outcome { return Completed{"not json"}; });
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::failed));
    CHECK(shop.get(id).error_message.find("result_data is \"not json\"") != std::string::npos);
    CHECK(shop.get(id).attempts.size() == 1);
}

TEST_CASE("a batch's children run on the slot it gave up, and end it") {
    Shop shop;
    const auto worker = shop.hire(
        Handlers{{"batch_processing", [](JobContext&) -> Outcome { return Expanded{std::vector<NewJob>(3)}; }},
                 {"file_processing", [](JobContext&) { return done(); }}},
        shop.options(1));
    NewJob batch;
    batch.job_type = "batch_processing";
    const JobId id = shop.accept(batch);
    REQUIRE(shop.becomes(id, JobStatus::completed));
    CHECK(shop.get(id).result_data == R"({"children":3,"completed":3,"failed":0,"cancelled":0})");
}

TEST_CASE("a drain waits for running jobs and claims no more") {
    Shop shop;
    Gate begun;
    Gate gate;
    const auto worker = shop.hire([&](JobContext&) {
        begun.open();
        gate.wait();
        return done();
    });
    const JobId running = shop.accept();
    begun.wait();
    const JobId waiting = shop.accept();
    auto drained = std::async(std::launch::async, [&] { worker->drain(); });
    REQUIRE(shop.queue.eventually([&] { return worker->status().state == "draining"; }));
    gate.open();
    drained.wait();
    CHECK(shop.get(running).status == JobStatus::completed);
    CHECK(shop.get(waiting).status == JobStatus::queued);
    CHECK(worker->status().state == "stopped");
    worker->drain();
    CHECK(worker->status().state == "stopped");
}

TEST_CASE("a drain past its grace time hands jobs back without spending a retry") {
    Shop shop;
    std::atomic<int> begun = 0;
    WorkerOptions options = shop.options(2);
    options.grace = 0ms;
    const auto worker = shop.hire(Handlers{{"file_processing",
                                            [&](JobContext& context) {
                                                ++begun;
                                                return wait_for_stop(context, Failed{.message = "stopped"});
                                            }}},
                                  options);
    const JobId id = shop.accept();
    const JobId other = shop.accept();
    REQUIRE(shop.queue.eventually([&] { return begun == 2; }));
    worker->drain();
    for (const JobId each : {id, other}) {
        const Job job = shop.get(each);
        CHECK(job.status == JobStatus::queued);
        CHECK(job.retry_count == 0);
        CHECK(job.attempts.back().outcome == "released");
    }
    CHECK(worker->status().processed == 0);
}

TEST_CASE("a handler that ignores a drain is left behind, and its job is handed back") {
    Shop shop;
    const auto begun = std::make_shared<Gate>();
    const auto gate = std::make_shared<Gate>();
    const auto ended = std::make_shared<Gate>();
    WorkerOptions options = shop.options();
    options.grace = 0ms;
    auto worker = shop.hire(Handlers{{"file_processing",
                                      [begun, gate, ended](JobContext&) {
                                          begun->open();
                                          gate->wait();
                                          ended->open();
                                          return done();
                                      }}},
                            options);
    const JobId id = shop.accept();
    begun->wait();
    worker.reset();
    CHECK(shop.get(id).status == JobStatus::queued);
    CHECK(shop.get(id).retry_count == 0);
    gate->open();
    ended->wait();
    CHECK(shop.get(id).status == JobStatus::queued);
}

TEST_CASE("a handler that hangs is written off at its deadline, and its late result is dropped") {
    struct Hang {
        Gate gate;
        Gate ended;
        std::atomic<bool> was_told_to_stop = false;
    };
    Shop shop;
    const auto hang = std::make_shared<Hang>();  // the handler outlives its slot
    const auto worker = shop.hire([hang](JobContext& context) -> Outcome {
        if (context.attempt() > 1) return Completed{R"({"attempt":2})"};
        hang->gate.wait();
        hang->was_told_to_stop = context.stop_requested();
        hang->ended.open();
        return Completed{R"({"attempt":1})"};
    });
    NewJob wanted;
    wanted.timeout = 1s;
    const JobId id = shop.accept(wanted);
    REQUIRE(shop.becomes(id, JobStatus::completed));
    hang->gate.open();
    hang->ended.wait();
    worker->drain();
    const Job job = shop.get(id);
    CHECK(job.result_data == R"({"attempt":2})");
    CHECK(job.retry_count == 1);
    CHECK(job.attempts[0].error_message == "timed out after 1 s");
    CHECK(hang->was_told_to_stop);
    CHECK(worker->status().processed == 2);
    CHECK(worker->status().failed == 1);
}

TEST_CASE("a worker with 64 hung handlers is degraded and claims no more until they return") {
    constexpr int hung = 64;
    Shop shop;
    const auto gate = std::make_shared<Gate>();  // the handlers outlive their slots
    const auto worker = shop.hire(
        [gate](JobContext& context) {
            if (context.lease().job_data != "{}") gate->wait();
            return done();
        },
        hung);
    NewJob bad;
    bad.job_data = R"({"hang":true})";
    bad.timeout = 1s;
    bad.max_retries = 0;
    REQUIRE(shop.queue.enqueue(std::vector<NewJob>(hung, bad)).has_value());
    REQUIRE(shop.queue.eventually([&] { return worker->status().state == "degraded"; }));
    REQUIRE(shop.queue.eventually([&] { return shop.queue.stats()->failed == hung; }));
    REQUIRE(shop.queue.eventually([&] { return shop.queue.claims_under_way() == 0; }));  // one that began before
    const JobId left = shop.accept();
    CHECK(shop.get(left).status == JobStatus::queued);
    gate->open();
    CHECK(shop.becomes(left, JobStatus::completed));
    CHECK(worker->status().state == "running");
}

TEST_CASE("a worker that cannot renew a lease stops the job and drops its outcome") {
    Shop shop(300ms);
    shop.queue.heartbeats_to_fail = 1'000'000;
    std::atomic<int> stopped = 0;
    const auto worker = shop.hire([&](JobContext& context) -> Outcome {
        if (context.attempt() > 1) return Completed{R"({"attempt":2})"};
        ++stopped;
        return wait_for_stop(context, Completed{R"({"attempt":1})"});
    });
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::completed));
    worker->drain();
    CHECK(stopped == 1);
    CHECK(shop.get(id).result_data == R"({"attempt":2})");
    CHECK(shop.get(id).attempts[0].outcome == "lease_expired");
    CHECK(worker->status().processed == 1);
}

TEST_CASE("a job taken back from a worker and given to it anew is kept alive under its new lease") {
    ManualClock queue_clock;
    MemoryQueue memory(QueueOptions{}, queue_clock, 7);
    ObservedQueue queue(memory);
    const auto shows = [&](JobId id, std::int64_t progress) {
        return queue.eventually([&] { return queue.get(id).value().progress_current == progress; });
    };
    std::atomic<bool> is_renewed = false;
    Handlers handlers;
    handlers["file_processing"] = [&](JobContext& context) -> Outcome {
        if (context.attempt() == 1) return wait_for_stop(context, done());
        queue.heartbeats_to_fail = 0;
        context.progress(1, 2, "");
        is_renewed = shows(context.lease().id, 1);
        context.progress(2, 2, "");
        is_renewed = is_renewed && shows(context.lease().id, 2);
        return done();
    };
    Worker worker(queue, handlers, {.worker_id = "w1", .slots = 2, .heartbeat = 10ms, .lease = 10s, .grace = 30s},
                  system_clock(), LogSink{});
    const NewJob wanted;
    const JobId id = queue.enqueue({&wanted, 1}).value().front();
    REQUIRE(queue.eventually([&] { return queue.get(id).value().status == JobStatus::running; }));
    queue.heartbeats_to_fail = 1'000'000;
    queue_clock.advance(11s);  // as when the wall clock is set forward
    REQUIRE(queue.eventually([&] { return queue.get(id).value().status == JobStatus::completed; }));
    CHECK(is_renewed);
    CHECK(queue.get(id).value().attempts.size() == 2);
}

TEST_CASE("heartbeats keep a job that runs longer than its lease") {
    Shop shop(150ms);
    const auto worker = shop.hire([](JobContext& context) -> Outcome {
        const auto start = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - start < 600ms && !context.stop_requested()) {
            std::this_thread::sleep_for(5ms);  // the handler's work
        }
        return Completed{};
    });
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::completed));
    CHECK(shop.get(id).attempts.size() == 1);
}

TEST_CASE("a queue that is away for a while costs no result and no retry") {
    Shop shop;
    shop.queue.claims_to_fail = 2;
    shop.queue.settlements_to_fail = 3;
    shop.queue.heartbeats_to_fail = 3;
    const auto worker = shop.hire([](JobContext&) { return done(); });
    const JobId id = shop.accept();
    REQUIRE(shop.becomes(id, JobStatus::completed));
    CHECK(shop.get(id).attempts.size() == 1);
    CHECK(shop.queue.settlements_to_fail == 0);
}

TEST_CASE("a drain ends even when the queue stays away: what cannot be settled is left to its lease") {
    Shop shop(200ms);
    Gate begun;
    Gate gate;
    const auto worker = shop.hire([&](JobContext&) {
        begun.open();
        gate.wait();
        return done();
    });
    const JobId id = shop.accept();
    begun.wait();
    shop.queue.settlements_to_fail = 1'000'000;
    shop.queue.heartbeats_to_fail = 1'000'000;
    gate.open();
    worker->drain();
    CHECK(worker->status().state == "stopped");
    CHECK(shop.get(id).status == JobStatus::running);
}
