#include "archaeologist/queue.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "archaeologist/engine.hpp"
#include "archaeologist/worker.hpp"
#include "bench/benchmarks.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"
#include "queue/memory.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::uint64_t single_max = 2'000;
constexpr std::uint64_t bulk = 1'000;
constexpr int pickups = 200;
const char* const job_type = "noop";

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

std::vector<NewJob> some_jobs(ProjectId project, std::uint64_t first, std::uint64_t count) {
    std::vector<NewJob> jobs(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        jobs[i].job_type = job_type;
        jobs[i].project_id = project;
        jobs[i].priority = static_cast<Priority>((first + i) % 4);
        jobs[i].job_data = R"({"path":"/lake/projects/1/file.txt","id":)" + std::to_string(first + i) + '}';
    }
    return jobs;
}

// Enqueues `count` jobs, `batch` a call. Returns jobs a second.
Result<double> enqueue_per_s(Queue& queue, ProjectId project, std::uint64_t count, std::uint64_t batch) {
    const Stopwatch watch;
    for (std::uint64_t at = 0; at < count; at += batch) {
        ARCHAEO_TRY(queue.enqueue(some_jobs(project, at, std::min(batch, count - at))));
    }
    return static_cast<double>(count) / watch.seconds();
}

// A finished count in the worker runs ahead of the queue's: settling comes after the handler.
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

// From the call that hands a job over to the handler's first instruction, each time with an idle worker.
Result<std::vector<double>> pickup_times_ms(Queue& queue, ProjectId project, Finishes& finishes, std::uint64_t before) {
    std::vector<double> times_ms;
    for (int i = 1; i <= pickups; ++i) {
        const auto finished = before + static_cast<std::uint64_t>(i);
        const auto begin = std::chrono::steady_clock::now();
        ARCHAEO_TRY(queue.enqueue(some_jobs(project, 0, 1)));
        const auto picked_up = finishes.wait_for(finished);
        times_ms.push_back(std::chrono::duration<double, std::milli>(picked_up - begin).count());
        ARCHAEO_TRY(wait_until_completed(queue, static_cast<std::int64_t>(finished)));
    }
    return times_ms;
}

Status measure(Queue& queue, ProjectId project, const QueueOptions& options) {
    const std::uint64_t single = std::min(single_max, options.jobs / 2);
    ARCHAEO_ASSIGN(const double single_per_s, enqueue_per_s(queue, project, single, 1));
    const std::uint64_t rest = options.jobs - single;
    ARCHAEO_ASSIGN(const double bulk_per_s, enqueue_per_s(queue, project, rest, bulk));

    Finishes finishes;
    WorkerOptions slots;
    slots.slots = options.concurrency;
    const Stopwatch watch;
    Worker worker(queue, {{job_type, [&](JobContext&) { return finishes(); }}}, slots, system_clock(), {});
    finishes.wait_for(options.jobs);
    ARCHAEO_TRY(wait_until_completed(queue, static_cast<std::int64_t>(options.jobs)));
    const double process_seconds = watch.seconds();
    ARCHAEO_ASSIGN(const auto times_ms, pickup_times_ms(queue, project, finishes, options.jobs));
    worker.drain();

    Figures figures("queue");
    figures.add("backend", options.backend);
    figures.add("jobs", options.jobs);
    figures.add("concurrency", static_cast<std::uint64_t>(options.concurrency));
    figures.add("enqueue_single_per_s", single_per_s);
    figures.add("enqueue_bulk_per_s", bulk_per_s);
    figures.add("process_per_s", static_cast<double>(options.jobs) / process_seconds);
    figures.add("pickup_p50_ms", percentile(times_ms, 50));
    figures.add("pickup_p99_ms", percentile(times_ms, 99));
    std::move(figures).print();
    return {};
}

}  // namespace

Status queue(const QueueOptions& options) {
    if (options.backend == "memory") {
        MemoryQueue memory({}, system_clock(), 1);
        return measure(memory, ProjectId{1}, options);
    }
    const Folder data(options.data_dir);
    Config config;
    config.data_dir = data.path();
    ARCHAEO_ASSIGN(auto engine, Engine::open(config));
    ARCHAEO_ASSIGN(const auto project, engine->create_project("bench"));
    return measure(engine->queue(), project.id, options);
}

}  // namespace archaeologist::bench
