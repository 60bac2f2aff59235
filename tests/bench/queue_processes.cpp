// What two processes on one data folder see of each other. The other one is this program, started anew.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <future>
#include <string>
#include <thread>

#include "archaeologist/engine.hpp"
#include "archaeologist/worker.hpp"
#include "bench/benchmarks.hpp"
#include "bench/queue_jobs.hpp"

namespace archaeologist::bench {
namespace {

constexpr int pickups = 200;
constexpr int takeovers = 10;

// All processes of a machine count it from the same moment.
std::int64_t monotonic_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

Outcome tell_when() { return Completed{R"({"began_at_ns":)" + std::to_string(monotonic_ns()) + '}'}; }

Result<double> ms_since(std::int64_t begun_ns, const Job& job) {
    const auto at = job.result_data.find(':');
    if (job.status != JobStatus::completed || at == std::string::npos) {
        return Error{Code::internal, "queue: job " + job.id.text() + " did not complete"};
    }
    return static_cast<double>(std::stoll(job.result_data.substr(at + 1)) - begun_ns) / 1e6;
}

// A worker in a process of its own. It ends when its stdin does, or at once.
class OtherProcess {
public:
    OtherProcess(const std::string& data_dir, bool is_holding) {
        std::array<int, 2> pipe_ends{};
        if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return;
        stdin_ = pipe_ends[1];
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe_ends[0], STDIN_FILENO);
        std::vector<std::string> words{"archaeologist-bench", "queue-worker", "--data", data_dir};
        if (is_holding) words.emplace_back("--hold");
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        if (posix_spawn(&id_, "/proc/self/exe", &actions, nullptr, arguments.data(), environ) != 0) id_ = -1;
        posix_spawn_file_actions_destroy(&actions);
        ::close(pipe_ends[0]);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;
    ~OtherProcess() {
        if (stdin_ >= 0) ::close(stdin_);
        if (id_ > 0) ::waitpid(id_, nullptr, 0);
    }
    void kill() const { ::kill(id_, SIGKILL); }

private:
    int stdin_ = -1;
    pid_t id_ = -1;
};

Result<JobId> enqueue_one(Queue& queue, ProjectId project) {
    ARCHAEO_ASSIGN(const auto ids, queue.enqueue(some_jobs(project, 0, 1)));
    return ids.front();
}

// Queue::wait_for would look too seldom for what another process does.
Result<Job> wait_until(Queue& queue, JobId id, JobStatus status) {
    for (const Stopwatch watch; watch.seconds() < 30;) {
        ARCHAEO_ASSIGN(Job job, queue.get(id));
        if (job.status == status) return job;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Error{Code::timed_out,
                 "queue: job " + id.text() + " is not " + std::string(to_string(status)) + " after 30 s"};
}

Status wait_for_workers(Queue& queue, std::int64_t count) {
    for (const Stopwatch watch; watch.seconds() < 30;) {
        ARCHAEO_ASSIGN(const auto stats, queue.stats());
        if (stats.workers == count) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Error{Code::timed_out, "queue: " + std::to_string(count) + " workers did not join within 30 s"};
}

Status measure_pickups(Queue& queue, ProjectId project, const std::string& data_dir, Figures& figures) {
    const OtherProcess other(data_dir, false);
    ARCHAEO_TRY(wait_for_workers(queue, 1));
    std::vector<double> times_ms;
    for (int i = 0; i < pickups; ++i) {
        const std::int64_t begun_ns = monotonic_ns();
        ARCHAEO_ASSIGN(const JobId id, enqueue_one(queue, project));
        ARCHAEO_ASSIGN(const Job job, wait_until(queue, id, JobStatus::completed));
        ARCHAEO_ASSIGN(const double ms, ms_since(begun_ns, job));
        times_ms.push_back(ms);
    }
    figures.add("pickup_across_p50_ms", percentile(times_ms, 50));
    figures.add("pickup_across_p99_ms", percentile(times_ms, 99));
    return {};
}

Result<double> takeover_ms(Queue& queue, ProjectId project, const std::string& data_dir) {
    const OtherProcess other(data_dir, true);
    ARCHAEO_TRY(wait_for_workers(queue, 1));
    ARCHAEO_ASSIGN(const JobId id, enqueue_one(queue, project));
    ARCHAEO_TRY(wait_until(queue, id, JobStatus::running));
    Worker worker(queue, {{noop_type, [](JobContext&) { return tell_when(); }}}, {}, system_clock(), {});
    ARCHAEO_TRY(wait_for_workers(queue, 2));
    const std::int64_t begun_ns = monotonic_ns();
    other.kill();
    ARCHAEO_ASSIGN(const Job job, queue.wait_for(id, std::chrono::seconds(30)));
    return ms_since(begun_ns, job);
}

}  // namespace

Status measure_processes(const std::string& data_dir, Figures& figures) {
    Config config;
    config.data_dir = data_dir;
    ARCHAEO_ASSIGN(const auto engine, Engine::open(config));
    ARCHAEO_ASSIGN(const auto project, engine->project("bench"));
    ARCHAEO_TRY(measure_pickups(engine->queue(), project.id, data_dir, figures));
    std::vector<double> times_ms;
    for (int i = 0; i < takeovers; ++i) {
        ARCHAEO_ASSIGN(const double ms, takeover_ms(engine->queue(), project.id, data_dir));
        times_ms.push_back(ms);
    }
    figures.add("takeover_p50_ms", percentile(times_ms, 50));
    figures.add("takeover_max_ms", percentile(times_ms, 100));
    return {};
}

Status measure_backlog(Queue& queue, ProjectId project, ProjectId other, std::uint64_t backlog, Figures& figures) {
    constexpr std::uint64_t bulk = 10'000;
    std::vector<JobId> last;
    for (std::uint64_t at = 0; at < backlog; at += bulk) {
        auto jobs = some_jobs(project, at, std::min(bulk, backlog - at));
        for (NewJob& job : jobs) job.priority = Priority::normal;
        ARCHAEO_ASSIGN(last, queue.enqueue(jobs));
    }
    figures.add("backlog", backlog);
    std::vector<double> stats_ms;
    std::vector<double> status_ms;
    for (std::size_t i = 0; i < 500; ++i) {
        const Stopwatch stats;
        ARCHAEO_TRY(queue.stats());
        stats_ms.push_back(stats.ms());
        const Stopwatch status;
        ARCHAEO_TRY(queue.get(last[i % last.size()]));
        status_ms.push_back(status.ms());
    }
    figures.add("stats_p99_ms", percentile(stats_ms, 99));
    figures.add("job_status_p99_ms", percentile(status_ms, 99));

    Worker worker(queue, {{noop_type, [](JobContext&) { return tell_when(); }}}, {.worker_id = "", .slots = 8},
                  system_clock(), {});
    const auto started_after_ms = [&](ProjectId of, Priority priority) -> Result<double> {
        auto jobs = some_jobs(of, 0, 1);
        jobs.front().priority = priority;
        const std::int64_t begun_ns = monotonic_ns();
        ARCHAEO_ASSIGN(const auto ids, queue.enqueue(jobs));
        ARCHAEO_ASSIGN(const Job job, queue.wait_for(ids.front(), std::chrono::seconds(60)));
        return ms_since(begun_ns, job);
    };
    ARCHAEO_ASSIGN(const double single_ms, started_after_ms(other, Priority::normal));
    ARCHAEO_ASSIGN(const double urgent_ms, started_after_ms(other, Priority::urgent));
    figures.add("single_job_of_other_project_ms", single_ms);
    figures.add("urgent_job_ms", urgent_ms);
    return {};
}

Status queue_worker(const QueueWorkerOptions& options) {
    Config config;
    config.data_dir = options.data_dir;
    ARCHAEO_ASSIGN(const auto engine, Engine::open(config));
    std::promise<void> ended;
    const std::shared_future<void> end = ended.get_future().share();
    const JobHandler handler = [&](JobContext&) {
        if (options.is_holding) end.wait();
        return tell_when();
    };
    const Worker worker(engine->queue(), {{noop_type, handler}}, {}, system_clock(), {});
    char ignored = 0;
    while (::read(STDIN_FILENO, &ignored, 1) > 0) continue;
    ended.set_value();
    return {};
}

}  // namespace archaeologist::bench
