// The engine behind its handle and behind all that came from it. It lives until its last user lets go; the engine itself
// is gone once it is closed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/archaeologist.h"
#include "archaeologist/engine.hpp"
#include "forked.hpp"
#include "handle.hpp"

namespace archaeologist::capi {

// What must let go of the engine before it is closed.
class Dependent {
public:
    virtual ~Dependent() = default;
    virtual void engine_closes() = 0;
};

// An epoll descriptor that is readable when the queue has changed or a tick has passed.
class WakeDescriptor {
public:
    WakeDescriptor() = default;
    ~WakeDescriptor();
    WakeDescriptor(const WakeDescriptor&) = delete;
    WakeDescriptor& operator=(const WakeDescriptor&) = delete;
    // Errors: io_error.
    [[nodiscard]] Status open();
    [[nodiscard]] int descriptor() const { return both_; }
    void signal() const;
    void clear() const;

private:
    int both_ = -1;
    int changed_ = -1;  // an eventfd
    int tick_ = -1;     // a timerfd
};

class StopFlag;

// Which calls an interruption means.
enum class Interrupted { all, waits, ingests };

class EngineState {
public:
    EngineState(std::unique_ptr<Engine> engine, OpenMark mark)
        : mark_(std::in_place, std::move(mark)), engine_(std::move(engine)) {}

    // One call of the program's; the engine stays open for as long as it lives.
    class Call {
    public:
        [[nodiscard]] static Result<Call> enter(std::shared_ptr<EngineState> state);
        ~Call();
        Call(Call&&) noexcept = default;
        Call& operator=(Call&&) = delete;

        [[nodiscard]] Engine* operator->() const { return state_->engine_.get(); }
        [[nodiscard]] Engine& operator*() const { return *state_->engine_; }
        [[nodiscard]] const std::shared_ptr<EngineState>& state() const { return state_; }
        [[nodiscard]] std::uint64_t interrupts() const { return state_->interrupts_.load(); }
        // Whether a wait that began after `interrupts` must end. Errors: conflict (the engine closes).
        [[nodiscard]] Result<bool> must_return(std::uint64_t interrupts) const;
        [[nodiscard]] bool engine_closes() const { return state_->closing_.load(); }
        // Sleeps, or returns early when something interrupts.
        void pause(std::chrono::milliseconds at_most) const;

    private:
        explicit Call(std::shared_ptr<EngineState> state) : state_(std::move(state)) {}
        std::shared_ptr<EngineState> state_;
    };

    void interrupt(Interrupted which);
    // Ends what waits, waits for calls that run. Later ones fail. False: it was closed already, or is being closed.
    bool close();
    void add(const std::shared_ptr<Dependent>& dependent);
    // Whether the program has a worker that runs; an ingest has its own. False: it has one already.
    [[nodiscard]] bool begin_worker() { return !has_worker_.exchange(true); }
    void end_worker() { has_worker_.store(false); }
    [[nodiscard]] Result<int> wake_descriptor();
    void clear_wake();

private:
    friend class StopFlag;

    std::optional<OpenMark> mark_;    // of an open engine
    std::unique_ptr<Engine> engine_;  // null once closed
    std::atomic<bool> closing_{false};
    std::atomic<std::int64_t> calls_{0};
    std::atomic<std::uint64_t> interrupts_{0};
    std::atomic<bool> has_worker_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::weak_ptr<Dependent>> dependents_;  // guarded by mutex_
    std::vector<StopFlag*> stop_flags_;                 // guarded by mutex_
    std::mutex wake_mutex_;
    std::unique_ptr<WakeDescriptor> wake_;  // guarded by wake_mutex_
};

using Call = EngineState::Call;

[[nodiscard]] Error closed_meanwhile();

// Tells an ingest when to stop: it is interrupted, or the engine closes. Must not outlive the call.
class StopFlag {
public:
    explicit StopFlag(const Call& call);
    ~StopFlag();
    StopFlag(const StopFlag&) = delete;
    StopFlag& operator=(const StopFlag&) = delete;
    [[nodiscard]] const std::atomic<bool>* get() const { return &stop_; }
    void set() { stop_.store(true); }

private:
    EngineState& state_;
    std::atomic<bool> stop_{false};
};

// Ends waiting at a moment, or never.
class Deadline {
public:
    // Errors: invalid_argument (below ARCHAEO_FOREVER).
    [[nodiscard]] static Result<Deadline> in(std::int64_t timeout_ms);
    // What is left, at most a slice: an interruption that came just before a wait began is heard at the slice's end. 0 when
    // it is over.
    [[nodiscard]] std::chrono::milliseconds left() const;

private:
    std::optional<std::chrono::steady_clock::time_point> at_;
};

}  // namespace archaeologist::capi

struct archaeo_engine final : archaeologist::capi::Handle {
    static constexpr bool is_bound = true;
    explicit archaeo_engine(std::shared_ptr<archaeologist::capi::EngineState> one) : state(std::move(one)) {}
    std::shared_ptr<archaeologist::capi::EngineState> state;
};

namespace archaeologist::capi {

// The engine behind a handle, open until the call's end.
[[nodiscard]] Result<Call> enter(const archaeo_engine* engine);

}  // namespace archaeologist::capi
