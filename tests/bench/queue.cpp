#include "archaeologist/queue.hpp"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "archaeologist/engine.hpp"
#include "archaeologist/worker.hpp"
#include "bench/benchmarks.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"
#include "bench/queue_jobs.hpp"
#include "queue/memory.hpp"

namespace archaeologist::bench {

std::vector<NewJob> some_jobs(ProjectId project, std::uint64_t first, std::uint64_t count) {
    constexpr std::size_t payload_bytes = 100;
    std::vector<NewJob> jobs(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        jobs[i].job_type = noop_type;
        jobs[i].project_id = project;
        jobs[i].priority = static_cast<Priority>((first + i) % 4);
        std::string payload = R"({"id":)" + std::to_string(first + i) + R"(,"path":")";
        payload.resize(payload_bytes - 2, 'x');
        jobs[i].job_data = payload + "\"}";
    }
    return jobs;
}

Status wait_until_completed(Queue& queue, std::int64_t count) {
    const Stopwatch watch;
    while (true) {
        ARCHAEO_ASSIGN(const auto stats, queue.stats());
        if (stats.completed >= count) return {};
        if (watch.seconds() > 60) {
            return Error{Code::timed_out, "queue: " + std::to_string(stats.completed) + " of " + std::to_string(count) +
                                              " jobs are completed after 60 s"};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

namespace {

constexpr std::uint64_t single_max = 2'000;
constexpr std::uint64_t bulk = 1'000;
constexpr int pickups = 200;
constexpr int enqueuers = 8;

// How many jobs a worker has run, and when the last one began.
class Finishes {
public:
    Outcome operator()() {
        const std::lock_guard lock(mutex_);
        ++count_;
        last_ = std::chrono::steady_clock::now();
        changed_.notify_all();
        return Completed{};
    }
    // Returns when the job that makes `count` began.
    std::chrono::steady_clock::time_point wait_for(std::uint64_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return count_ >= count; });
        return last_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0;
    std::chrono::steady_clock::time_point last_{};
};

// Enqueues `count` jobs, `batch` a call. Returns jobs a second.
Result<double> enqueue_per_s(Queue& queue, ProjectId project, std::uint64_t count, std::uint64_t batch) {
    const Stopwatch watch;
    for (std::uint64_t at = 0; at < count; at += batch) {
        ARCHAEO_TRY(queue.enqueue(some_jobs(project, at, std::min(batch, count - at))));
    }
    return static_cast<double>(count) / watch.seconds();
}

// From the call that hands a job over to the handler's first instruction, each time with an idle worker.
Result<std::vector<double>> pickup_times_ms(Queue& queue, ProjectId project, Finishes& finishes, std::uint64_t before) {
    std::vector<double> times_ms;
    for (int i = 1; i <= pickups; ++i) {
        const auto finished = before + static_cast<std::uint64_t>(i);
        const auto begin = std::chrono::steady_clock::now();
        ARCHAEO_ASSIGN(const auto ids, queue.enqueue(some_jobs(project, 0, 1)));
        const auto picked_up = finishes.wait_for(finished);
        times_ms.push_back(std::chrono::duration<double, std::milli>(picked_up - begin).count());
        ARCHAEO_TRY(queue.wait_for(ids.front(), std::chrono::seconds(60)));
    }
    return times_ms;
}

// Each thread hands over one job a call.
Result<double> enqueue_at_once_per_s(Queue& queue, ProjectId project, std::uint64_t count) {
    std::vector<Status> outcomes(enqueuers);
    std::vector<std::thread> threads;
    threads.reserve(outcomes.size());
    const Stopwatch watch;
    for (Status& outcome : outcomes) {
        threads.emplace_back([&] {
            const auto done = enqueue_per_s(queue, project, count / enqueuers, 1);
            if (!done) outcome = done.error();
        });
    }
    for (std::thread& thread : threads) thread.join();
    const double seconds = watch.seconds();
    for (const Status& outcome : outcomes) ARCHAEO_TRY(outcome);
    const std::uint64_t enqueued = count / enqueuers * enqueuers;
    return static_cast<double>(enqueued) / seconds;
}

}  // namespace

Status measure_work(Queue& queue, ProjectId project, const QueueOptions& options, Figures& figures) {
    const std::uint64_t single = std::min(single_max, options.jobs / 4);
    ARCHAEO_ASSIGN(const double single_per_s, enqueue_per_s(queue, project, single, 1));
    figures.add("enqueue_single_per_s", single_per_s);
    const std::uint64_t at_once = std::max<std::uint64_t>(single / enqueuers, 1) * enqueuers;
    ARCHAEO_ASSIGN(const double at_once_per_s, enqueue_at_once_per_s(queue, project, at_once));
    figures.add("enqueue_8_single_per_s", at_once_per_s);
    const std::uint64_t rest = options.jobs > single + at_once ? options.jobs - single - at_once : 1;
    ARCHAEO_ASSIGN(const double bulk_per_s, enqueue_per_s(queue, project, rest, bulk));
    figures.add("enqueue_bulk_per_s", bulk_per_s);

    const std::uint64_t jobs = single + at_once + rest;
    Finishes finishes;
    WorkerOptions slots;
    slots.slots = options.concurrency;
    const Stopwatch watch;
    Worker worker(queue, {{noop_type, [&](JobContext&) { return finishes(); }}}, slots, system_clock(), {});
    finishes.wait_for(jobs);
    ARCHAEO_TRY(wait_until_completed(queue, static_cast<std::int64_t>(jobs)));
    figures.add("process_per_s", static_cast<double>(jobs) / watch.seconds());
    ARCHAEO_ASSIGN(const auto times_ms, pickup_times_ms(queue, project, finishes, jobs));
    worker.drain();
    figures.add("pickup_p50_ms", percentile(times_ms, 50));
    figures.add("pickup_p99_ms", percentile(times_ms, 99));
    return {};
}

namespace {

Config config_for(const std::string& data_dir) {
    Config config;
    config.data_dir = data_dir;
    return config;
}

// What the catalog takes a job once it was closed, which copies its log into it.
double catalog_bytes(const std::string& data_dir) {
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(data_dir + "/catalog.db", failure);
    return failure ? 0 : static_cast<double>(bytes);
}

Status measure_sqlite(const QueueOptions& options, Figures& figures) {
    const Folder data(options.data_dir);
    double bytes_before = 0;
    {
        ARCHAEO_ASSIGN(const auto engine, Engine::open(config_for(data.path())));
        ARCHAEO_TRY(engine->create_project("other"));
        ARCHAEO_TRY(engine->create_project("bench"));
    }
    bytes_before = catalog_bytes(data.path());
    std::int64_t completed = 0;
    {
        ARCHAEO_ASSIGN(const auto engine, Engine::open(config_for(data.path())));
        ARCHAEO_ASSIGN(const auto project, engine->project("bench"));
        ARCHAEO_TRY(measure_work(engine->queue(), project.id, options, figures));
        ARCHAEO_ASSIGN(const auto stats, engine->queue().stats());
        completed = stats.completed;
    }
    figures.add("bytes_per_finished_job", (catalog_bytes(data.path()) - bytes_before) / static_cast<double>(completed));
    ARCHAEO_TRY(measure_processes(data.path(), figures));
    if (options.backlog == 0) return {};
    ARCHAEO_ASSIGN(const auto engine, Engine::open(config_for(data.path())));
    ARCHAEO_ASSIGN(const auto project, engine->project("bench"));
    ARCHAEO_ASSIGN(const auto other, engine->project("other"));
    return measure_backlog(engine->queue(), project.id, other.id, options.backlog, figures);
}

}  // namespace

Status queue(const QueueOptions& options) {
    Figures figures("queue");
    figures.add("backend", options.backend.substr(0, options.backend.find(':')));
    figures.add("jobs", options.jobs);
    figures.add("concurrency", static_cast<std::uint64_t>(options.concurrency));
    if (options.backend == "memory") {
        MemoryQueue memory({}, system_clock(), 1);
        ARCHAEO_TRY(measure_work(memory, ProjectId{1}, options, figures));
    } else if (options.backend != "sqlite") {
        ARCHAEO_TRY(measure_redis(options, figures));
    } else {
        ARCHAEO_TRY(measure_sqlite(options, figures));
    }
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
