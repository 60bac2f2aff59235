#include "worker/slots.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "job/validate.hpp"

namespace archaeologist {

// One thread. All but `thread` is guarded by State::mutex.
struct Slots::Slot {
    std::thread thread;
    std::shared_ptr<Run> run;  // whose handler it is in
    bool is_written_off = false;
    bool has_exited = false;
};

struct Slots::Waiting {
    std::shared_ptr<Run> run;
    std::chrono::steady_clock::time_point since;
};

// What the threads share; it lives as long as the last of them.
struct Slots::State {
    State(JobHandlers job_handlers, Done when_done) : handlers(std::move(job_handlers)), done(std::move(when_done)) {}

    const JobHandlers handlers;
    const Done done;
    Mutex mutex;
    Condition changed;
    Condition exited;
    std::deque<Waiting> waiting ARCHAEO_GUARDED_BY(mutex);
    int idle ARCHAEO_GUARDED_BY(mutex) = 0;            // threads that wait for a run
    bool is_waking ARCHAEO_GUARDED_BY(mutex) = false;  // one of them was told
    std::vector<std::shared_ptr<Slot>> slots ARCHAEO_GUARDED_BY(mutex);
    bool is_closing ARCHAEO_GUARDED_BY(mutex) = false;

    // One thread is woken at a time, and that one wakes the next: those at work may be through with short runs before.
    void wake_one() ARCHAEO_REQUIRES(mutex) {
        if (waiting.empty() || idle == 0 || is_waking) return;
        is_waking = true;
        changed.notify_one();
    }
    // Empty when the slots close.
    std::shared_ptr<Run> next_run() ARCHAEO_REQUIRES(mutex) {
        while (waiting.empty() && !is_closing) {
            ++idle;
            changed.wait(mutex);
            --idle;
            is_waking = false;
        }
        if (waiting.empty()) return nullptr;
        std::shared_ptr<Run> run = std::move(waiting.front().run);
        waiting.pop_front();
        wake_one();
        return run;
    }
};

namespace {

// An embedding program's handler may throw although it must not; the worker lives on.
Outcome call(const JobHandlers& handlers, Run& run) {
    const auto handler = handlers.find(run.lease().job_type);
    if (handler == handlers.end()) {
        return Failed{.message = "no handler for job_type " + quoted(run.lease().job_type), .permanent = true};
    }
    try {
        return handler->second(run);
    } catch (const std::exception& exception) {
        return Failed{.message = std::string("handler threw: ") + exception.what(), .permanent = false};
    } catch (...) {
        return Failed{.message = "handler threw: something that is no std::exception", .permanent = false};
    }
}

}  // namespace

Slots::Slots(int count, JobHandlers handlers, Done done)
    : state_(std::make_shared<State>(std::move(handlers), std::move(done))) {
    const MutexLock lock(state_->mutex);
    while (capacity_ < count && start_thread()) ++capacity_;
}

bool Slots::start_thread() ARCHAEO_NO_ANALYSIS {
    const auto slot = std::make_shared<Slot>();
    try {
        slot->thread = std::thread([state = state_, slot] { work(*state, *slot); });
    } catch (const std::system_error&) {
        return false;
    }
    state_->slots.push_back(slot);
    return true;
}

void Slots::work(State& state, Slot& slot) {
    while (true) {
        std::shared_ptr<Run> run;
        {
            const MutexLock lock(state.mutex);
            run = state.next_run();
            if (!run) break;
            slot.run = run;
        }
        run->note_begin();
        Outcome outcome = call(state.handlers, *run);
        {
            const MutexLock lock(state.mutex);
            slot.run.reset();
            if (slot.is_written_off) break;
        }
        state.done(run, std::move(outcome));
    }
    const MutexLock lock(state.mutex);
    slot.has_exited = true;
    state.exited.notify_all();
}

void Slots::begin(std::shared_ptr<Run> run) {
    const MutexLock lock(state_->mutex);
    state_->waiting.push_back({std::move(run), std::chrono::steady_clock::now()});
    state_->wake_one();
}

std::vector<std::shared_ptr<Run>> Slots::take_back(std::chrono::milliseconds waited) {
    const auto before = std::chrono::steady_clock::now() - waited;
    const MutexLock lock(state_->mutex);
    std::vector<std::shared_ptr<Run>> taken;
    auto& waiting = state_->waiting;
    for (; !waiting.empty() && waiting.front().since <= before; waiting.pop_front()) {
        taken.push_back(std::move(waiting.front().run));
    }
    return taken;
}

void Slots::write_off(const Run& run, Replacement replacement) {
    const MutexLock lock(state_->mutex);
    auto& slots = state_->slots;
    // Threads written off before whose handlers returned meanwhile.
    std::erase_if(slots, [](const std::shared_ptr<Slot>& slot) {
        if (slot->has_exited) slot->thread.join();
        return slot->has_exited;
    });
    std::erase_if(state_->waiting, [&](const Waiting& waiting) { return waiting.run.get() == &run; });
    const auto found =
        std::find_if(slots.begin(), slots.end(), [&](const auto& slot) { return slot->run.get() == &run; });
    if (found == slots.end()) return;
    (*found)->is_written_off = true;
    if (replacement == Replacement::none || !start_thread()) --capacity_;
}

int Slots::written_off() const {
    const MutexLock lock(state_->mutex);
    return static_cast<int>(std::count_if(state_->slots.begin(), state_->slots.end(),
                                          [](const auto& slot) { return slot->is_written_off && slot->run; }));
}

void Slots::shut_down(std::chrono::milliseconds patience) {
    const auto give_up_at = std::chrono::steady_clock::now() + patience;
    std::vector<std::shared_ptr<Slot>> slots;
    {
        const MutexLock lock(state_->mutex);
        const auto is_hung = [](const auto& slot) { return slot->is_written_off && slot->run; };
        while (std::any_of(state_->slots.begin(), state_->slots.end(), is_hung)) {
            const auto left = give_up_at - std::chrono::steady_clock::now();
            if (left <= left.zero()) break;
            state_->exited.wait_for(state_->mutex, left);
        }
        state_->is_closing = true;
        state_->changed.notify_all();
        slots.swap(state_->slots);
        for (const auto& slot : slots) {
            if (is_hung(slot)) slot->thread.detach();
        }
    }
    for (const auto& slot : slots) {
        if (slot->thread.joinable()) slot->thread.join();
    }
}

}  // namespace archaeologist
