// The threads that run handlers. A thread whose handler hangs is written off: another takes its place, and what its
// handler returns one day is dropped.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "archaeologist/worker.hpp"
#include "worker/run.hpp"

namespace archaeologist {

using JobHandlers = std::map<std::string, JobHandler, std::less<>>;

// Thread-safe.
class Slots {
public:
    static constexpr int written_off_max = 64;  // hung handlers; beyond them no more jobs should be begun

    // Called on a slot's thread with what the handler returned; never for a run that was written off.
    using Done = std::function<void(const std::shared_ptr<Run>&, Outcome)>;

    // Starts `count` threads, or as many as the machine gives: see capacity().
    Slots(int count, JobHandlers handlers, Done done);
    ~Slots() { shut_down(std::chrono::milliseconds{0}); }
    Slots(const Slots&) = delete;
    Slots& operator=(const Slots&) = delete;

    // Threads that are not written off.
    [[nodiscard]] int capacity() const { return capacity_; }

    // The run waits for a free thread; whoever begins no more runs than are free never makes one wait.
    void begin(std::shared_ptr<Run> run);
    // The runs that no thread has begun for as long as that; they will not be begun.
    [[nodiscard]] std::vector<std::shared_ptr<Run>> take_back(std::chrono::milliseconds waited);

    enum class Replacement { thread, none };
    // Does nothing when the run's handler has returned by now.
    void write_off(const Run& run, Replacement replacement);
    // Threads written off whose handlers have not returned.
    [[nodiscard]] int written_off() const;

    // Waits for the handlers at work, and up to `patience` for those written off. What is still in a handler then is
    // left behind: it holds on to the handlers and its run, and touches nothing else. Idempotent.
    void shut_down(std::chrono::milliseconds patience);

private:
    struct State;
    struct Slot;
    struct Waiting;
    static void work(State& state, Slot& slot);
    [[nodiscard]] bool start_thread();  // with the mutex held

    std::shared_ptr<State> state_;
    std::atomic<int> capacity_ = 0;
};

}  // namespace archaeologist
