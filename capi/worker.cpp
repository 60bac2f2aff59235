#include "archaeologist/worker.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

enum class Stage { running, draining, stopped };

// The built-in worker as one handle sees it: from its start to its end.
class Shift {
public:
    explicit Shift(std::shared_ptr<EngineState> state) : state_(std::move(state)) {}

    // Begins to drain, on a thread that keeps the engine open until it is done.
    static void drain(const std::shared_ptr<Shift>& shift, Call call) {
        const std::lock_guard lock(shift->mutex_);
        if (shift->stage_ != Stage::running) return;
        std::thread([shift, call = std::move(call)] {
            call->stop_workers();
            shift->state_->end_worker();
            const std::lock_guard done(shift->mutex_);
            shift->stage_ = Stage::stopped;
            shift->changed_.notify_all();
        }).detach();
        shift->stage_ = Stage::draining;
    }

    Status wait(const Deadline& deadline) {
        std::unique_lock lock(mutex_);
        while (stage_ != Stage::stopped) {
            const auto left = deadline.left();
            if (left.count() == 0) return Error{Code::timed_out, "the worker is still draining"};
            changed_.wait_for(lock, left);
        }
        return {};
    }

    [[nodiscard]] WorkerStatus status(const Call& call) {
        auto status = call->worker_status();
        const std::lock_guard lock(mutex_);
        if (status && stage_ != Stage::stopped) return *status;
        WorkerStatus stopped;
        stopped.state = "stopped";
        stopped.since = call->clock().now();
        return stopped;
    }

    [[nodiscard]] const std::shared_ptr<EngineState>& state() const { return state_; }

private:
    const std::shared_ptr<EngineState> state_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Stage stage_ = Stage::running;  // guarded by mutex_
};

}  // namespace

struct archaeo_worker final : Handle {
    static constexpr bool is_bound = true;
    explicit archaeo_worker(std::shared_ptr<EngineState> state) : shift(std::make_shared<Shift>(std::move(state))) {}
    const std::shared_ptr<Shift> shift;
};

namespace {

Status drain(archaeo_worker& worker, const Deadline& deadline) {
    auto call = Call::enter(worker.shift->state());
    if (!call) return call.error();
    Shift::drain(worker.shift, std::move(*call));
    return worker.shift->wait(deadline);
}

}  // namespace

extern "C" {

int32_t archaeo_worker_start(archaeo_engine* engine, archaeo_worker** worker_out, archaeo_error** error_out) {
    clear(worker_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("worker_out", worker_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        auto worker = std::make_shared<archaeo_worker>(call.state());
        if (!call.state()->begin_worker()) return Error{Code::conflict, "the engine's worker runs already"};
        auto started = call->start_workers();
        if (started) *worker_out = publish(std::move(worker));
        if (!started) call.state()->end_worker();
        return started;
    });
}

int32_t archaeo_worker_drain(archaeo_worker* worker, int64_t timeout_ms, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto handle, require(worker, "worker"));
        ARCHAEO_ASSIGN(const auto deadline, Deadline::in(timeout_ms));
        return drain(*handle, deadline);
    });
}

int32_t archaeo_worker_stop(archaeo_worker* worker, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto handle, require(worker, "worker"));
        ARCHAEO_ASSIGN(const auto deadline, Deadline::in(ARCHAEO_FOREVER));
        return drain(*handle, deadline);
    });
}

int32_t archaeo_worker_status(archaeo_worker* worker, archaeo_buffer** status_out, archaeo_error** error_out) {
    clear(status_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("status_out", status_out));
        ARCHAEO_ASSIGN(const auto handle, require(worker, "worker"));
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->shift->state()));
        *status_out = make_handle<archaeo_buffer>(to_json(handle->shift->status(call)));
        return {};
    });
}

void archaeo_worker_free(archaeo_worker* worker) {
    guard(nullptr, [&]() -> Status {
        const auto handle = take(worker);
        if (!handle) return {};
        ARCHAEO_ASSIGN(const auto deadline, Deadline::in(ARCHAEO_FOREVER));
        return drain(*handle, deadline);
    });
}

}  // extern "C"
