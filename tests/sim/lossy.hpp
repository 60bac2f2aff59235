// Stories of a Redis that loses things, driven by one seed: the same seed is the same story. Relay, recorder and sweep run
// now and then, Redis forgets everything, its scripts, its connections, or its last moments, and workers and clients do as
// in Simulation. The ledger says what was wrong.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sim/ledger.hpp"
#include "sim/lossy_redis.hpp"
#include "sim/simulation.hpp"
#include "support/manual_clock.hpp"

namespace archaeologist::sim {

class LossySimulation {
public:
    LossySimulation(RedisServer& server, const Story& story);
    [[nodiscard]] Ending run();

private:
    struct Worker {
        std::string id;
        std::vector<Lease> held;  // as far as it knows
    };

    void step();
    void act(std::uint64_t dice);
    void act_rarely(std::uint64_t dice);
    void move_clock();
    void enqueue();
    void claim(Worker& worker);
    void settle(Worker& worker);
    void finish_and_claim(Worker& worker);
    void beat(Worker& worker);
    void crash(Worker& worker);
    void cancel();
    void remove();
    void relay();
    void record();
    void sweep();
    void lose_something(std::uint64_t dice);
    void restart(std::string_view what);
    void epilogue();

    [[nodiscard]] NewJob new_job();
    [[nodiscard]] JobId new_id();
    [[nodiscard]] Outcome outcome_for(const Lease& lease);
    // Whether a call was answered; one that was not must be so because Redis has lost the queue.
    [[nodiscard]] bool is_answered(const std::string& what, const Status& reply);
    [[nodiscard]] TimePoint now() const { return clock_.now(); }
    [[nodiscard]] std::uint64_t below(std::uint64_t end) { return rng_() % end; }
    [[nodiscard]] bool once_in(std::uint64_t times) { return below(times) == 0; }
    void tell(std::string what);

    const Story story_;
    const QueueOptions options_;
    ManualClock clock_;
    Rng rng_;
    LossyRedis redis_;
    Ledger ledger_;
    std::vector<Worker> workers_;
    std::uint64_t ids_ = 0;
    std::int64_t steps_ = 0;
    bool is_restarted_ = false;  // and the catalog's side has not seen to it
    bool is_begun_ = true;       // Redis has the queue, as far as the catalog's side has seen to it
    std::deque<std::string> told_;
};

}  // namespace archaeologist::sim
