#include "worker/loop.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "base/hex.hpp"
#include "job/validate.hpp"
#include "queue/settle.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;

constexpr int slots_max = 1'024;
constexpr std::chrono::milliseconds interrupt_again = 20ms;
constexpr std::chrono::milliseconds stop_patience = 2s;  // for handlers to heed stop_requested on drain

std::string default_worker_id() {
    std::array<char, 128> host{};
    if (gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') host = {'h', 'o', 's', 't'};
    std::random_device device;
    std::array<std::uint8_t, 4> random{};
    for (auto& byte : random) byte = static_cast<std::uint8_t>(device());
    return std::string(host.data()) + "-" + std::to_string(getpid()) + "-" + to_hex(random);
}

WorkerOptions within_limits(WorkerOptions options) {
    if (options.worker_id.empty()) options.worker_id = default_worker_id();
    options.worker_id = cut_text(options.worker_id, QueueLimits::worker_id_bytes_max);
    options.slots = std::clamp(options.slots, 1, slots_max);
    options.lease = std::max(options.lease, 10ms);
    // Two heartbeats may fail before a lease is lost.
    options.heartbeat = std::clamp(options.heartbeat, 1ms, std::max(1ms, options.lease / 3));
    options.grace = std::max(options.grace, 0ms);
    return options;
}

std::vector<std::string> claimable_types(const JobHandlers& handlers, const Logger& log) {
    std::vector<std::string> types;
    for (const auto& [job_type, handler] : handlers) {
        if (const Status valid = validate_job_type(job_type); !valid) {
            log(LogLevel::error, "worker: a handler is never called: " + valid.error().message);
        } else if (types.size() == QueueLimits::job_types_max) {
            log(LogLevel::error, "worker: the handler of " + quoted(job_type) +
                                     " is never called: a worker has at most " +
                                     std::to_string(QueueLimits::job_types_max) + " job types");
        } else {
            types.push_back(job_type);
        }
    }
    return types;
}

}  // namespace

Worker::Impl::Impl(Queue& queue, JobHandlers handlers, WorkerOptions options, const Clock& clock, LogSink log)
    : queue_(queue),
      clock_(clock),
      options_(within_limits(std::move(options))),
      log_(std::move(log), LogLevel::debug),
      job_types_(claimable_types(handlers, log_)),
      since_(clock.now()),
      slots_(options_.slots, std::move(handlers),
             [this](const std::shared_ptr<Run>& run, Outcome outcome) { handler_returned(run, std::move(outcome)); }) {
    threads_.emplace_back([this] { wait_for_work(); });
    threads_.emplace_back([this] { settle_endings(); });
    threads_.emplace_back([this] { renew_leases(); });
    threads_.emplace_back([this] { watch(); });
}

std::string_view Worker::Impl::state() const {
    if (stage_ == Stage::stopped) return "stopped";
    if (stage_ != Stage::running) return "draining";
    if (is_refused_) return "refused";
    return slots_.written_off() >= Slots::written_off_max ? "degraded" : "running";
}

void Worker::Impl::note_state() const {
    const std::string_view now = state();
    if (now == noted_state_) return;
    noted_state_ = now;
    since_ = clock_.now();
}

WorkerStatus Worker::Impl::status() const {
    const MutexLock lock(mutex_);
    note_state();
    WorkerStatus status{.worker_id = options_.worker_id,
                        .state = std::string(noted_state_),
                        .since = since_,
                        .running = {},
                        .processed = processed_,
                        .failed = failed_,
                        .last_claim_at = last_claim_at_};
    for (const auto& [epoch, run] : active_) {
        status.running.push_back({run->lease().id, run->lease().job_type, run->started_at()});
    }
    return status;
}

void Worker::Impl::drain() {
    if (!begin_drain()) return;
    queue_.interrupt();
    wait_for_handlers();
    const bool is_any_left_behind = hand_back_the_rest();
    settle_the_rest();
    for (std::thread& thread : threads_) thread.join();
    if (!is_refused()) queue_.leave(options_.worker_id);
    slots_.shut_down(is_any_left_behind ? 0ms : stop_patience);  // else they had their time
    const MutexLock lock(mutex_);
    stage_ = Stage::stopped;
    note_state();
    quiet_.notify_all();
}

bool Worker::Impl::is_refused() const {
    const MutexLock lock(mutex_);
    return is_refused_;
}

bool Worker::Impl::begin_drain() {
    const MutexLock lock(mutex_);
    if (stage_ != Stage::running) {
        while (stage_ != Stage::stopped) quiet_.wait(mutex_);
        return false;
    }
    stage_ = Stage::draining;
    note_state();
    idle_.notify_all();
    for (const auto& run : slots_.take_back(0ms)) {
        active_.erase(run->epoch());
        if (held_.contains(run->epoch())) end(run, Released{});
    }
    return true;
}

bool Worker::Impl::is_quiet_within(Milliseconds time) {
    const auto give_up_at = std::chrono::steady_clock::now() + time;
    while (!active_.empty()) {
        const auto left = give_up_at - std::chrono::steady_clock::now();
        if (left <= left.zero()) return false;
        quiet_.wait_for(mutex_, left);
    }
    return true;
}

void Worker::Impl::wait_for_handlers() {
    const MutexLock lock(mutex_);
    if (is_quiet_within(options_.grace)) return;
    is_grace_over_ = true;
    for (const auto& [epoch, run] : active_) run->request_stop();
    if (!is_quiet_within(stop_patience)) {
        log_(LogLevel::warning,
             "worker: " + std::to_string(active_.size()) + " handlers do not heed stop_requested and are left behind");
    }
}

bool Worker::Impl::hand_back_the_rest() {
    const MutexLock lock(mutex_);
    const Runs rest = std::exchange(active_, {});
    for (const auto& [epoch, run] : rest) {
        slots_.write_off(*run, Slots::Replacement::none);
        if (held_.contains(epoch)) end(run, Released{});
    }
    return !rest.empty();
}

void Worker::Impl::settle_the_rest() {
    const MutexLock lock(mutex_);
    // Bounded: what cannot be settled is lost when its lease ends.
    while (!endings_.empty() || waiter_asks_ > 0 || settler_asks_ > 0) {
        if (waiter_asks_ > 0) queue_.interrupt();  // the first one may have come before the claim began to wait
        quiet_.wait_for(mutex_, interrupt_again);
    }
    stage_ = Stage::closing;
    ended_.notify_all();
    pulse_.notify_all();
    alarm_.notify_all();
}

}  // namespace archaeologist
