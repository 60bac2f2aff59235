// The queue on Redis: the whole of it, catalog and all, and what of that is Redis's part.
#include <unistd.h>

#include <atomic>
#include <thread>

#include "archaeologist/engine.hpp"
#include "archaeologist/worker.hpp"
#include "bench/benchmarks.hpp"
#include "bench/folder.hpp"
#include "bench/queue_jobs.hpp"
#include "queue/redis/broker.hpp"
#include "queue/redis_worker.hpp"
#include "redis/client.hpp"

namespace archaeologist::bench {
namespace {

using redis_queue::Broker;
using redis_queue::Handover;

constexpr std::uint64_t bulk = 1'000;
constexpr std::size_t enqueuers = 8;
constexpr std::size_t stats_calls = 500;

// The queue of this name goes with it.
class Name {
public:
    Name(redis::Client& client, std::string text) : client_(client), text_(std::move(text)) { forget(); }
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;
    ~Name() { forget(); }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    void forget() {
        for (const std::string& key : redis_queue::keys_of(text_, 0).all) {
            const std::vector<std::string> words{"DEL", key};
            static_cast<void>(client_.command(key, words));
        }
    }
    redis::Client& client_;
    std::string text_;
};

// The same jobs as some_jobs gives, as the catalog hands them over.
std::vector<Handover> some_handovers(std::uint64_t first, std::uint64_t count) {
    std::vector<Handover> jobs;
    jobs.reserve(count);
    for (NewJob& one : some_jobs(ProjectId{1}, first, count)) {
        Handover job;
        job.id = JobId(Uuid::v7(system_clock().now()));
        job.job_type = std::move(one.job_type);
        job.score = static_cast<std::int64_t>(first + jobs.size());
        job.priority = one.priority;
        job.max_retries = one.max_retries;
        job.timeout = one.timeout;
        job.project_id = one.project_id;
        job.job_data = std::move(one.job_data);
        jobs.push_back(std::move(job));
    }
    return jobs;
}

Result<double> enqueue_per_s(Broker& broker, std::uint64_t first, std::uint64_t count, std::uint64_t batch) {
    double seconds = 0;
    for (std::uint64_t at = 0; at < count; at += batch) {
        const auto jobs = some_handovers(first + at, std::min(batch, count - at));
        const Stopwatch watch;
        ARCHAEO_TRY(broker.enqueue(0, jobs));
        seconds += watch.seconds();
    }
    return static_cast<double>(count) / seconds;
}

Result<double> used_bytes(redis::Client& client) {
    const std::vector<std::string> words{"INFO", "memory"};
    ARCHAEO_ASSIGN(const redis::Reply reply, client.command({}, words));
    constexpr std::string_view name = "used_memory:";
    const auto at = reply.text().find(name);
    if (at == std::string::npos) return Error{Code::internal, "Redis does not say how much memory it uses"};
    return std::stod(reply.text().substr(at + name.size()));
}

Result<double> stats_p50_ms(Broker& broker) {
    std::vector<double> times_ms;
    for (std::size_t i = 0; i < stats_calls; ++i) {
        const Stopwatch watch;
        ARCHAEO_TRY(broker.stats());
        times_ms.push_back(watch.ms());
    }
    return percentile(times_ms, 50);
}

// A worker on `jobs` waiting jobs, and somebody who hears of their ends as the catalog does, but records nothing.
Result<double> process_per_s(redis::Client& client, Broker& broker, int slots, std::uint64_t jobs) {
    ARCHAEO_ASSIGN(const auto queue, RedisWorkerQueue::open(client, broker.options(), {}));
    std::atomic<std::uint64_t> ended = 0;
    Status heard;
    const Stopwatch watch;
    std::thread listener([&] {
        const auto listen = [&]() -> Status {
            while (ended < jobs) {
                ARCHAEO_ASSIGN(const auto page, broker.unrecorded(0, bulk, Broker::News::due));
                std::vector<redis_queue::Acknowledgement> told;
                for (const auto& one : page.jobs) {
                    told.push_back({one.id, one.version});
                    ended += one.phase == redis_queue::Phase::completed ? 1 : 0;
                }
                ARCHAEO_TRY(broker.acknowledge(0, told));
                if (page.jobs.size() < bulk) std::this_thread::sleep_for(std::chrono::milliseconds(2));
                if (watch.seconds() > 120) return Error{Code::timed_out, "queue: jobs on Redis did not end in 120 s"};
            }
            return {};
        };
        heard = listen();
    });
    WorkerOptions options;
    options.slots = slots;
    {
        Worker worker(*queue, {{noop_type, [](JobContext&) { return Completed{}; }}}, options, system_clock(), {});
        listener.join();
    }
    ARCHAEO_TRY(heard);
    return static_cast<double>(ended) / watch.seconds();
}

Result<double> enqueue_at_once_per_s(Broker& broker, std::uint64_t count) {
    std::vector<Status> outcomes(enqueuers);
    std::vector<std::thread> threads;
    const Stopwatch watch;
    for (Status& outcome : outcomes) {
        threads.emplace_back([&] {
            const auto done = enqueue_per_s(broker, 0, count / enqueuers, 1);
            if (!done) outcome = done.error();
        });
    }
    for (std::thread& thread : threads) thread.join();
    const double seconds = watch.seconds();
    for (const Status& outcome : outcomes) ARCHAEO_TRY(outcome);
    return static_cast<double>(count / enqueuers * enqueuers) / seconds;
}

Status measure_broker(redis::Client& client, const QueueOptions& options, Figures& figures) {
    const Name name(client, "bench-broker-" + std::to_string(::getpid()));
    redis_queue::BrokerOptions broker_options;
    broker_options.name = name.text();
    Broker broker(client, broker_options);
    ARCHAEO_TRY(broker.begin(1, {}));

    const std::uint64_t at_once = std::max<std::uint64_t>(options.jobs / 4 / enqueuers, 1) * enqueuers;
    ARCHAEO_ASSIGN(const double at_once_per_s, enqueue_at_once_per_s(broker, at_once));
    figures.add("broker_enqueue_8_single_per_s", at_once_per_s);
    ARCHAEO_ASSIGN(const double few_stats_ms, stats_p50_ms(broker));
    figures.add("broker_stats_p50_ms", few_stats_ms);
    ARCHAEO_ASSIGN(const double bytes_before, used_bytes(client));
    ARCHAEO_ASSIGN(const double bulk_per_s, enqueue_per_s(broker, at_once, options.jobs, bulk));
    figures.add("broker_enqueue_bulk_per_s", bulk_per_s);
    ARCHAEO_ASSIGN(const double bytes_after, used_bytes(client));
    figures.add("broker_bytes_per_waiting_job", (bytes_after - bytes_before) / static_cast<double>(options.jobs));
    ARCHAEO_ASSIGN(const double processed_per_s,
                   process_per_s(client, broker, options.concurrency, at_once + options.jobs));
    figures.add("broker_process_per_s", processed_per_s);
    if (options.backlog == 0) return {};

    ARCHAEO_TRY(enqueue_per_s(broker, 0, options.backlog, bulk));
    ARCHAEO_ASSIGN(const double backlog_bulk_per_s, enqueue_per_s(broker, options.backlog, options.jobs, bulk));
    figures.add("broker_backlog_enqueue_bulk_per_s", backlog_bulk_per_s);
    ARCHAEO_ASSIGN(const double many_stats_ms, stats_p50_ms(broker));
    figures.add("broker_backlog_stats_p50_ms", many_stats_ms);
    ARCHAEO_ASSIGN(const double backlog_per_s, process_per_s(client, broker, options.concurrency, options.jobs));
    figures.add("broker_backlog_process_per_s", backlog_per_s);
    return {};
}

Status measure_whole(redis::Client& client, const QueueOptions& options, Figures& figures) {
    const Folder data(options.data_dir);
    const Name name(client, "bench-" + std::to_string(::getpid()));
    Config config;
    config.data_dir = data.path();
    config.queue_place = QueuePlace::redis;
    config.redis.url = options.backend;
    config.redis.name = name.text();
    ARCHAEO_ASSIGN(const auto engine, Engine::open(config));
    ARCHAEO_ASSIGN(const auto project, engine->create_project("bench"));
    ARCHAEO_TRY(measure_work(engine->queue(), project.id, options, figures));
    if (options.backlog == 0) return {};
    ARCHAEO_ASSIGN(const auto other, engine->create_project("other"));
    return measure_backlog(engine->queue(), project.id, other.id, options.backlog, figures);
}

}  // namespace

Status measure_redis(const QueueOptions& options, Figures& figures) {
    ARCHAEO_ASSIGN(const redis::Url url, redis::parse_url(options.backend));
    const auto client = redis::Client::open(url, {});
    if (options.part != "broker") ARCHAEO_TRY(measure_whole(*client, options, figures));
    if (options.part == "whole") return {};
    return measure_broker(*client, options, figures);
}

}  // namespace archaeologist::bench
