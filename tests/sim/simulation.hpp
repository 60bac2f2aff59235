// A queue, workers and clients in virtual time, driven by one seed: the same seed is the same story.
//
// Workers crash, pause for longer than their leases and act on them afterwards, and lose replies (the call took effect,
// the caller never hears of it and calls again). Clients resend, cancel, retry, remove and reprioritise in storms. The clock
// jumps, backwards too. After every step the model says whether the queue's reply was right, and what the queue shows of
// every job that the step touched is compared with it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/model.hpp"
#include "support/manual_clock.hpp"

namespace archaeologist::sim {

// A fresh, empty queue; several handles on it, as several processes have, are used in turn.
class Subject {
public:
    virtual ~Subject() = default;
    [[nodiscard]] virtual std::vector<Queue*> handles() = 0;
    // Whether a call that expands a batch can claim its children.
    enum class Children { at_once, later };
    [[nodiscard]] virtual Children children() const { return Children::at_once; }
};
using MakeSubject = std::function<std::unique_ptr<Subject>(const QueueOptions&, const Clock&, std::uint64_t seed)>;

struct Story {
    std::uint64_t seed = 0;
    std::int64_t steps = 0;
};

struct Ending {
    std::int64_t steps = 0;  // taken, those of the epilogue included
    std::string complaint;   // empty: all invariants held
    std::vector<std::string> last_steps;
};

// Runs the story and then its epilogue: everybody behaves, and every accepted job must finish.
class Simulation {
public:
    Simulation(const MakeSubject& make, const Story& story);
    [[nodiscard]] Ending run();

private:
    struct Worker {
        std::string id;
        std::vector<Lease> held;  // as far as it knows
        TimePoint frozen_until{};
    };
    enum class Reply { heard, lost };

    // Acts of the story.
    void move_clock();
    void enqueue();
    void resend();
    void claim(Worker& worker);
    void settle(Worker& worker);
    void finish_and_claim(Worker& worker);
    void beat(Worker& worker);
    void crash(Worker& worker);
    void freeze(Worker& worker);
    void cancel();
    void cancel_many();
    void retry();
    void remove();
    void reprioritise();
    void pause_or_resume();
    void limit();

    void step();
    void act(std::uint64_t dice);
    void act_rarely(std::uint64_t dice);
    void check();
    void epilogue();
    void work_off();

    [[nodiscard]] NewJob new_job();
    [[nodiscard]] JobId new_id();
    [[nodiscard]] Outcome outcome_for(const Lease& lease);
    [[nodiscard]] std::vector<JobId> sample_jobs();
    [[nodiscard]] ClaimRequest request_of(const Worker& worker);
    void take(Worker& worker, std::vector<Lease> leases, Reply reply);
    [[nodiscard]] Queue& queue();
    [[nodiscard]] TimePoint now() const { return clock_.now(); }
    [[nodiscard]] std::uint64_t below(std::uint64_t end) { return rng_() % end; }
    [[nodiscard]] bool once_in(std::uint64_t times) { return below(times) == 0; }
    [[nodiscard]] Reply chance_of_reply() { return once_in(12) ? Reply::lost : Reply::heard; }
    void tell(std::string what);

    const Story story_;
    const QueueOptions options_;
    ManualClock clock_;
    Rng rng_;
    std::unique_ptr<Subject> subject_;
    std::vector<Queue*> handles_;
    Model model_;
    std::vector<Worker> workers_;
    std::vector<std::vector<NewJob>> unheard_;  // enqueued, without an answer
    std::uint64_t ids_ = 0;
    std::int64_t steps_ = 0;
    bool is_paused_ = false;
    std::vector<ConcurrencyLimit> limits_;
    std::deque<std::string> told_;
};

}  // namespace archaeologist::sim
