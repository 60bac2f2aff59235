// Runs jobs: claims, calls the handler of the job's type, keeps the lease alive, settles.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/clock.hpp"
#include "archaeologist/log.hpp"
#include "archaeologist/queue.hpp"

namespace archaeologist {

// What a handler sees of its job. One thread at a time, except stop_requested.
class JobContext {
public:
    virtual ~JobContext() = default;
    [[nodiscard]] virtual const Lease& lease() const = 0;
    // Shown to users within a moment; what changes faster than every 250 ms is skipped.
    virtual void progress(std::int64_t current, std::int64_t total, std::string_view message) = 0;
    // True once the job is cancelled, its lease is lost, its deadline passed or the worker drains past its grace time:
    // return soon; what is returned then is ignored unless the job is still ours. Thread-safe.
    [[nodiscard]] virtual bool stop_requested() const = 0;
    [[nodiscard]] TimePoint deadline() const { return lease().deadline; }
    [[nodiscard]] int attempt() const { return lease().attempt; }
};

// Does one job; returns how it ended. Must not throw. Called from several threads at once.
using JobHandler = std::function<Outcome(JobContext&)>;

struct WorkerOptions {
    std::string worker_id;  // of no other live worker; empty = host-pid-random
    int slots = 1;          // jobs at once, 1 to 1,024
    std::chrono::milliseconds heartbeat{3'000};
    std::chrono::milliseconds lease{10'000};  // the queue's; past it without a renewal the worker stops a job itself
    std::chrono::milliseconds grace{30'000};  // for running jobs on drain; then they are handed back
};

struct RunningJob {
    JobId id;
    std::string job_type;
    TimePoint started_at{};
};

struct WorkerStatus {
    std::string worker_id;
    // "running", "refused" (another live worker has the worker_id; asked again every second), "degraded" (64 handlers
    // hang past their deadlines: no more jobs are claimed until some return), "draining", "stopped"
    std::string state;
    TimePoint since{};  // when the state began
    std::vector<RunningJob> running;
    std::int64_t processed = 0;
    std::int64_t failed = 0;
    std::optional<TimePoint> last_claim_at;  // when the queue last answered a claim, also with nothing
};

[[nodiscard]] std::string to_json(const WorkerStatus& status);

// Thread-safe.
class Worker {
public:
    // queue and clock must outlive the worker. Starts at once.
    Worker(Queue& queue, std::map<std::string, JobHandler, std::less<>> handlers, WorkerOptions options,
           const Clock& clock, LogSink log);
    ~Worker();  // drains
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Claims no more, waits for running jobs up to the grace time, hands the rest back without spending a retry.
    // A handler that does not heed stop_requested within 2 s more is left behind on its thread: what it uses must live
    // until it returns. Idempotent; not to be called by a handler.
    void drain();
    [[nodiscard]] WorkerStatus status() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace archaeologist
