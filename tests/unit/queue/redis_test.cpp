#include "queue/redis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "catalog/jobs.hpp"
#include "queue/memory.hpp"
#include "queue/redis_worker.hpp"
#include "support/declared_keys.hpp"
#include "support/manual_clock.hpp"
#include "support/redis_house.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

TEST_CASE("FLUSHALL in the middle of many jobs loses none and runs none again whose end was recorded") {
    House house;
    house.accept(1'500);
    std::multiset<JobId> done;
    for (int round = 0; round < 2; ++round) {
        std::vector<Settlement> settlements;
        for (const Lease& lease : house.claim(100)) settlements.push_back(settlement_of(lease, Completed{}));
        const auto reply = house.queue->finish_claim(settlements, {.worker_id = "w", .limit = 50, .job_types = {}});
        INFO((reply ? std::string() : reply.error().message));
        REQUIRE(reply.has_value());
        for (const Settlement& one : settlements) done.insert(one.id);
        REQUIRE(reply->claimed.size() == 50);
        REQUIRE(eventually([&] { return house.stats().completed == std::int64_t{100} * (round + 1); }));
        house.server.run({"FLUSHALL"});
        CHECK_FALSE(house.queue->complete(reply->claimed.front()).has_value());
    }
    REQUIRE(eventually([&] {
        done.merge(house.work_off());
        return house.stats().completed == 1'500;
    }));
    CHECK(done.size() == 1'500);
    CHECK(std::set<JobId>(done.begin(), done.end()).size() == 1'500);
}

TEST_CASE("what a job has behind it and the queue's settings outlive Redis's data") {
    ManualClock clock;
    House house(clock, {.backoff_base = 0ms});
    const JobId id = house.accept(1).front();
    NewJob later;
    later.project_id = ProjectId{1};
    later.scheduled_at = clock.now() + 1h;
    const JobId scheduled = house.queue->enqueue({&later, 1}).value().front();
    house.claim(1, "victim");
    clock.advance(10s);
    const auto again = house.claim(1);
    REQUIRE(again.size() == 1);
    REQUIRE(house.queue->fail(again.front(), Failed{.message = "no luck"}).has_value());
    const std::uint64_t epoch = again.front().epoch;
    REQUIRE(house.queue->pause().has_value());
    REQUIRE(house.queue->set_limit({.project_id = {}, .job_type = "file_processing", .running_max = 1}).has_value());
    REQUIRE(house.queue->get(id).has_value());
    house.server.run({"FLUSHALL"});
    CHECK(house.claim(10).empty());
    REQUIRE(house.queue->resume().has_value());
    const auto claimed = house.claim(10);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed.front().id == id);
    CHECK(claimed.front().retry_count == 1);
    CHECK(claimed.front().attempt == 3);
    CHECK(claimed.front().epoch > epoch);
    const Job job = house.queue->get(id).value();
    REQUIRE(job.attempts.size() == 3);
    CHECK(job.attempts[0].outcome == "lease_expired");
    CHECK(job.attempts[1].outcome == "retried");
    REQUIRE(house.queue->complete(claimed.front()).has_value());
    CHECK(house.queue->get(scheduled).value().status == JobStatus::queued);
    CHECK(house.claim(10).empty());
    clock.advance(1h);
    CHECK(house.claim(10).size() == 1);
}

TEST_CASE("while Redis is away jobs are accepted, and when it is back they run") {
    House house;
    house.server.kill();
    const auto ids = house.accept(3);
    const QueueStats away = house.stats();
    CHECK(away.degraded);
    CHECK(away.pending == 3);
    CHECK(away.outbox_depth >= 3);
    CHECK(house.queue->claim({.worker_id = "w", .limit = 1, .job_types = {}}, 0ms).error().code == Code::unavailable);
    CHECK(house.queue->get(ids.front()).value().status == JobStatus::pending);
    REQUIRE(house.queue->cancel(ids.back()).has_value());
    house.server.restart();
    REQUIRE(eventually([&] { return !house.stats().degraded && house.stats().outbox_depth == 0; }));
    CHECK(house.work_off() == std::multiset<JobId>{ids[0], ids[1]});
    CHECK(house.stats().completed == 2);
    CHECK(house.stats().cancelled == 1);
}

TEST_CASE("a job that Redis lost is handed over again") {
    House house;
    const auto ids = house.accept(3);
    const auto held = house.claim(1);
    REQUIRE(held.size() == 1);
    for (const std::string key : {"jobs", "states", "ready", "leases", "unrecorded"}) {
        house.server.run({"DEL", "{archaeologist:0}:" + key});
    }
    std::multiset<JobId> done;
    REQUIRE(eventually([&] {
        done.merge(house.work_off());
        return house.stats().completed == 3;
    }));
    CHECK(done == std::multiset<JobId>(ids.begin(), ids.end()));
}

TEST_CASE("a worker without the catalog works, and the catalog hears of it") {
    House house;
    const auto ids = house.accept(3);
    const auto client = client_of(house.server);
    const auto worker = RedisWorkerQueue::open(*client, {}, own_lake).value();
    REQUIRE(worker->join("far").has_value());
    CHECK(worker->join("far").error().code == Code::conflict);
    const auto leases = worker->claim({.worker_id = "far", .limit = 3, .job_types = {}}, 10s).value();
    REQUIRE(leases.size() == 3);
    const Beat beat{leases[0].id, leases[0].epoch, 1, 2, "half"};
    REQUIRE(worker->heartbeat("far", {&beat, 1}).has_value());
    CHECK(eventually([&] {
        const auto job = house.catalog->read([&](auto& tx) { return catalog::job(tx, ids[0]); }).value();
        return job.status == JobStatus::running && job.worker_id == "far" && job.progress_message == "half";
    }));
    CHECK(house.stats().workers == 1);
    REQUIRE(worker->complete(leases[0], R"({"n":1})").has_value());
    REQUIRE(worker->fail(leases[1], Failed{.message = "no", .permanent = true}).has_value());
    const auto done = house.queue->wait_for(ids[0], 10s).value();
    CHECK(done.status == JobStatus::completed);
    CHECK(done.result_data == R"({"n":1})");
    CHECK(house.queue->wait_for(ids[1], 10s).value().error_message == "no");
    REQUIRE(house.queue->cancel(ids[2]).has_value());
    const Beat last{leases[2].id, leases[2].epoch, 0, 0, ""};
    CHECK(worker->heartbeat("far", {&last, 1}).value().cancelled == std::vector{ids[2]});
    CHECK(worker->enqueue({}).error().code == Code::unsupported);
}

TEST_CASE("a worker can join, work and leave while Redis is full") {
    House house;
    house.accept(1);
    house.server.run({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    REQUIRE(eventually([&] { return house.queue->stats().value().outbox_depth == 0; }));
    house.server.run({"CONFIG", "SET", "maxmemory", "1"});
    REQUIRE(house.server.run({"SET", "more", "bytes"}).text().find("maxmemory") != std::string::npos);
    const auto client = client_of(house.server);
    const auto worker = RedisWorkerQueue::open(*client, {}, own_lake).value();
    REQUIRE(worker->join("far").has_value());
    CHECK(worker->join("far").error().code == Code::conflict);
    const auto leases = worker->claim({.worker_id = "far", .limit = 1, .job_types = {}}, 10s).value();
    REQUIRE(leases.size() == 1);
    CHECK(worker->complete(leases.front()).has_value());
    worker->leave("far");
    CHECK(worker->join("far").has_value());
}

TEST_CASE("a worker that reaches another lake, or counts other shards, is refused") {
    House house;
    const auto client = client_of(house.server);
    const auto refused = RedisWorkerQueue::open(*client, {}, {{"lake", "lake-2"}});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::incompatible);
    CHECK(refused.error().message.find("lake-2") != std::string::npos);
    CHECK(RedisWorkerQueue::open(*client, {.shards = 2}, own_lake).error().code == Code::incompatible);
    CHECK(RedisWorkerQueue::open(*client, {.name = "other"}, own_lake).error().code == Code::not_found);
}

TEST_CASE("when the lake has moved, workers of the new one are let in and the jobs are the same") {
    House house;
    const JobId id = house.accept(1).front();
    house.queue.reset();
    const redis_queue::Identity moved{{"lake", "s3://bucket at https://host"}};
    house.queue =
        RedisQueue::open(*house.catalog, *house.client, {.broker = {}, .identity = moved}, system_clock(), 7).value();
    const auto client = client_of(house.server);
    Result<std::unique_ptr<RedisWorkerQueue>> worker = Error{};
    // The relay's first round tells it.
    REQUIRE(eventually([&] {
        worker = RedisWorkerQueue::open(*client, {}, moved);
        return worker.has_value();
    }));
    const auto of_before = RedisWorkerQueue::open(*client, {}, own_lake);
    REQUIRE_FALSE(of_before.has_value());
    CHECK(of_before.error().code == Code::incompatible);
    const auto leases = (*worker)->claim({.worker_id = "far", .limit = 2, .job_types = {}}, 10s).value();
    REQUIRE(leases.size() == 1);
    CHECK(leases.front().id == id);
}

TEST_CASE("the queue of another catalog is not taken over") {
    House house;
    house.accept(1);
    TemporaryFolder folder;
    const auto catalog = catalog::open(folder.path()).value();
    const auto intruder = RedisQueue::open(*catalog, *house.client, {}, system_clock(), 7).value();
    CHECK(intruder->stats().value().degraded);
    CHECK(house.claim(10).size() == 1);
}

TEST_CASE("a result of a process that died before it was recorded is recorded by the next") {
    House house;
    const JobId id = house.accept(1).front();
    const auto client = client_of(house.server);
    const auto worker = RedisWorkerQueue::open(*client, {}, own_lake).value();
    const auto leases = worker->claim({.worker_id = "far", .limit = 1, .job_types = {}}, 10s).value();
    REQUIRE(leases.size() == 1);
    house.queue.reset();
    REQUIRE(worker->complete(leases.front(), R"({"n":1})").has_value());
    house.queue =
        RedisQueue::open(*house.catalog, *house.client, {.broker = {}, .identity = own_lake}, system_clock(), 7)
            .value();
    CHECK(house.queue->wait_for(id, 10s).value().result_data == R"({"n":1})");
    CHECK(house.claim(10).empty());
}

TEST_CASE("a waiting job with a payload of 100 bytes takes at most 400 bytes of Redis's memory") {
    RedisServer server;
    const auto client = client_of(server);
    redis_queue::Broker broker(*client, {});
    REQUIRE(broker.begin(1, {}).has_value());
    const auto used = [&] {
        const std::string info = server.run({"INFO", "memory"}).text();
        return std::stoll(info.substr(info.find("used_memory:") + 12));
    };
    constexpr std::size_t count = 60'000;
    const auto before = used();
    for (std::size_t i = 0; i < count; i += 1'000) {
        std::vector<redis_queue::Handover> jobs(1'000);
        for (std::size_t k = 0; k < jobs.size(); ++k) {
            jobs[k].id = JobId(Uuid::v7(system_clock().now()));
            jobs[k].job_type = "file_processing";
            jobs[k].score = static_cast<std::int64_t>(1'800'000'000'000 + i + k);
            jobs[k].timeout = 3600s;
            jobs[k].job_data = std::string(100, 'x');
        }
        REQUIRE(broker.enqueue(0, jobs).has_value());
    }
    CHECK(broker.stats().value().ready == count);
    const double each = static_cast<double>(used() - before) / count;
    INFO("bytes a job: ", each);
    CHECK(each <= 400);
}

TEST_CASE("no script touches a key that it does not declare, and one that did would fail") {
    RedisServer server;
    DeclaredKeysClient client(client_of(server));
    const redis::Script stray{"stray", "return redis.call('GET', 'elsewhere')"};
    REQUIRE_FALSE(client.run({&stray, {"{a}:k"}, {}}).has_value());
    redis_queue::Broker broker(client, {});
    REQUIRE(broker.begin(1, own_lake).has_value());
    CHECK(broker.holds(1).value());
    const redis_queue::Handover job = handed_over();
    const JobId id = job.id;
    REQUIRE(broker.enqueue(0, {&job, 1}).has_value());
    REQUIRE(broker.move(0, {&job, 1}).has_value());
    REQUIRE(broker.set({.paused = false, .order = {}, .limits = {{ProjectId{0}, "", 1}, {{}, "t", 1}}}).has_value());
    REQUIRE(broker.join("w").has_value());
    const auto leases = broker.claim({.worker_id = "w", .limit = 1, .job_types = {}}, 0ms).value();
    REQUIRE(leases.size() == 1);
    const Beat beat{id, leases[0].epoch, 1, 2, ""};
    CHECK(broker.heartbeat("w", {&beat, 1}).value().lost.empty());
    REQUIRE(broker.settle(settlement_of(leases[0], Completed{})).has_value());
    const auto told = broker.unrecorded(0, 10, redis_queue::Broker::News::all).value().jobs;
    REQUIRE(told.size() == 1);
    CHECK(broker.unrecorded(0, 10, redis_queue::Broker::News::rest).value().jobs.size() == 1);
    REQUIRE(broker.set_aside(0, {&id, 1}, 1h).has_value());
    CHECK(broker.unrecorded(0, 10, redis_queue::Broker::News::all).value().jobs.empty());
    CHECK(broker.stats().value().set_aside == 1);
    const redis_queue::Acknowledgement recorded{id, told[0].version};
    REQUIRE(broker.acknowledge(0, {&recorded, 1}).has_value());
    CHECK(broker.missing(0, {&id, 1}).value().empty());
    CHECK(broker.list(0, "").value().ids.empty());
    REQUIRE(broker.cancel(0, {&id, 1}).has_value());
    REQUIRE(broker.forget(0, {&id, 1}).has_value());
    CHECK(broker.missing(0, {&id, 1}).value() == std::vector{id});
    CHECK(broker.stats().value().workers == 1);
    std::set<std::string> run;
    for (const std::string& name : DeclaredKeysClient::scripts_run()) run.insert(name.substr(name.rfind('/') + 1));
    for (const char* const name :
         {"begin", "held", "enqueue", "finish_claim", "heartbeat", "cancel", "move", "settings", "unrecorded",
          "acknowledge", "set_aside", "missing", "list", "worker", "stats"}) {
        CAPTURE(name);
        CHECK(run.contains(name));
    }
}

TEST_CASE("what scripts decide of attempts is what the shared decisions say") {
    ManualClock clock;
    const QueueOptions options{.backoff_base = 0ms};
    House house(clock, options);
    MemoryQueue oracle(options, clock, 7);
    Rng rng(20'261'124);
    const auto chance = [&](std::uint64_t bound) { return rng() % bound; };
    std::vector<JobId> ids;
    std::vector<std::pair<Lease, Lease>> held;
    for (int step = 0; step < 600; ++step) {
        NewJob wanted;
        wanted.id = JobId(Uuid::v7(clock.now()));
        wanted.project_id = ProjectId{static_cast<std::int64_t>(1 + chance(2))};
        wanted.priority = static_cast<Priority>(chance(4));
        wanted.max_retries = static_cast<int>(chance(3));
        wanted.timeout = chance(3) == 0 ? 5s : 60s;
        if (chance(3) == 0) {
            REQUIRE(house.queue->enqueue({&wanted, 1}).has_value());
            REQUIRE(oracle.enqueue({&wanted, 1}).has_value());
            ids.push_back(wanted.id);
        }
        clock.advance(std::chrono::milliseconds(chance(4) == 0 ? chance(12'000) : chance(100)));
        const ClaimRequest request{.worker_id = "w" + std::to_string(chance(3)), .limit = 2, .job_types = {}};
        const auto mine = house.queue->claim(request, 0ms).value();
        const auto theirs = oracle.claim(request, 0ms).value();
        REQUIRE(mine.size() == theirs.size());
        for (std::size_t i = 0; i < mine.size(); ++i) {
            CHECK(mine[i].id == theirs[i].id);
            CHECK(mine[i].retry_count == theirs[i].retry_count);
            CHECK(mine[i].attempt == theirs[i].attempt);
            CHECK(mine[i].deadline == theirs[i].deadline);
            held.emplace_back(mine[i], theirs[i]);
        }
        if (held.empty() || chance(2) == 0) continue;
        const std::size_t which = chance(held.size());
        const std::vector<Outcome> outcomes{Completed{R"({"n":1})"}, Failed{.message = "again"},
                                            Failed{.message = "never", .permanent = true}, Released{},
                                            Delayed{.message = "later", .wait = 3s}};
        const Outcome& outcome = outcomes[chance(outcomes.size())];
        const Status settled = house.queue->settle(settlement_of(held[which].first, outcome));
        CHECK(settled.has_value() == oracle.settle(settlement_of(held[which].second, outcome)).has_value());
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
    }
    for (const JobId id : ids) {
        const Job mine = house.queue->get(id).value();
        const Job theirs = oracle.get(id).value();
        CHECK(mine.status == theirs.status);
        CHECK(mine.retry_count == theirs.retry_count);
        CHECK(mine.error_message == theirs.error_message);
        CHECK(mine.result_data == theirs.result_data);
        REQUIRE(mine.attempts.size() == theirs.attempts.size());
        for (std::size_t i = 0; i < mine.attempts.size(); ++i) {
            if (theirs.attempts[i].ended_at) CHECK(mine.attempts[i].outcome == theirs.attempts[i].outcome);
            CHECK(mine.attempts[i].error_message == theirs.attempts[i].error_message);
            CHECK(mine.attempts[i].ended_at == theirs.attempts[i].ended_at);
        }
    }
}
