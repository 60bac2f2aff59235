// The worker's engine: which leases it holds, and the threads that claim, settle, renew and watch.
//
//   waiter   claims for idle slots and blocks while nothing is ready; asks for no more jobs than slots are idle
//   settler  settles what handlers returned and claims anew for their slots, in one call; what ends meanwhile gathers
//            for the next call
//   heart    renews all leases and carries the jobs' progress, and does nothing else
//   watch    never calls the queue, so that deadlines and lease ends are kept even while the queue hangs
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "archaeologist/worker.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "worker/run.hpp"
#include "worker/slots.hpp"

namespace archaeologist {

class Worker::Impl {
public:
    Impl(Queue& queue, JobHandlers handlers, WorkerOptions options, const Clock& clock, LogSink log);
    ~Impl() { drain(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void drain();
    [[nodiscard]] WorkerStatus status() const;

private:
    using Milliseconds = std::chrono::milliseconds;
    enum class Stage : std::uint8_t { running, draining, closing, stopped };

    // How long a job that was claimed ahead may wait for a slot before it is handed back, for others to run.
    static constexpr Milliseconds unbegun_patience{250};

    // A lease that is ours until `lease_end`, counted from when it was asked for: never later than the queue's own.
    struct Held {
        std::shared_ptr<Run> run;
        Milliseconds lease_end{0};  // since boot
        bool is_ending = false;     // only its settlement is left
    };
    // How a held run ended; not settled yet.
    struct Ending {
        std::shared_ptr<Run> run;
        Outcome outcome;
    };
    struct Batch {
        std::vector<Ending> endings;
        int limit = 0;  // jobs to claim in the same call
    };
    using Runs = std::map<std::uint64_t, std::shared_ptr<Run>>;  // by epoch, which is unique in the queue

    // The threads.
    void wait_for_work() ARCHAEO_EXCLUDES(mutex_);
    void settle_endings() ARCHAEO_EXCLUDES(mutex_);
    void renew_leases() ARCHAEO_EXCLUDES(mutex_);
    void watch() ARCHAEO_EXCLUDES(mutex_);

    // What status() calls the state. Kept with the time it began by note_state, which all who may change it call.
    [[nodiscard]] std::string_view state() const ARCHAEO_REQUIRES(mutex_);
    void note_state() const ARCHAEO_REQUIRES(mutex_);

    // How many jobs may be claimed before a slot is free for them: while handlers return so fast that settling and claiming
    // take longer than they do, as many as there are slots.
    [[nodiscard]] int claimed_ahead() const ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] bool is_ahead() const ARCHAEO_REQUIRES(mutex_) {
        return static_cast<int>(active_.size()) > slots_.capacity();
    }
    void note_run_time(std::chrono::nanoseconds time) ARCHAEO_REQUIRES(mutex_);
    // Slots neither at work, nor holding an ending, nor spoken for by a claim under way; with what may be claimed ahead.
    [[nodiscard]] int idle_slots() const ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] bool may_claim() const ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] ClaimRequest request(int limit) const;
    void start(std::vector<Lease> leases, Milliseconds asked_at) ARCHAEO_REQUIRES(mutex_);
    void end(const std::shared_ptr<Run>& run, Outcome outcome) ARCHAEO_REQUIRES(mutex_);
    void handler_returned(const std::shared_ptr<Run>& run, Outcome outcome) ARCHAEO_EXCLUDES(mutex_);
    void lose_older(const Run& run) ARCHAEO_REQUIRES(mutex_);
    void lose(std::uint64_t epoch, const std::string& why) ARCHAEO_REQUIRES(mutex_);

    // Blocks while another worker has the id; false when the worker drained first.
    [[nodiscard]] bool join_queue() ARCHAEO_EXCLUDES(mutex_);
    // Blocks until slots are idle and speaks for them; 0 when the worker drains.
    [[nodiscard]] int await_idle_slots() ARCHAEO_EXCLUDES(mutex_);
    // Blocks until there is something to settle; empty when the worker closes.
    [[nodiscard]] Batch await_endings() ARCHAEO_EXCLUDES(mutex_);
    [[nodiscard]] std::vector<Ending> take_held_endings() ARCHAEO_REQUIRES(mutex_);
    // False when the queue could not be reached, and all is put back.
    [[nodiscard]] bool settle(Batch batch) ARCHAEO_EXCLUDES(mutex_);
    // False when it is to be settled once more, after a pause.
    [[nodiscard]] bool take_in(Ending ending, const Status& settled) ARCHAEO_REQUIRES(mutex_);
    void count(const Outcome& outcome) ARCHAEO_REQUIRES(mutex_);

    enum class Beating : std::uint8_t { all, news };
    // Blocks until a heartbeat is due: of all runs at all_due_at_, which moves on then, or before of those whose progress
    // changed. Nothing when the worker closes.
    [[nodiscard]] std::optional<std::vector<Beat>> await_beats() ARCHAEO_EXCLUDES(mutex_);
    [[nodiscard]] std::vector<Beat> beats_of(Beating which) ARCHAEO_REQUIRES(mutex_);
    void take_in(const std::vector<Beat>& beats, const HeartbeatReply& reply, Milliseconds asked_at)
        ARCHAEO_EXCLUDES(mutex_);
    void check_deadlines(Milliseconds now) ARCHAEO_REQUIRES(mutex_);
    void check_unbegun() ARCHAEO_REQUIRES(mutex_);
    void check_leases(Milliseconds now) ARCHAEO_REQUIRES(mutex_);
    [[nodiscard]] Milliseconds next_alarm(Milliseconds now) const ARCHAEO_REQUIRES(mutex_);

    // The steps of a drain. The first is false when another thread drains or has drained; it has finished by then.
    [[nodiscard]] bool is_refused() const ARCHAEO_EXCLUDES(mutex_);
    [[nodiscard]] bool begin_drain() ARCHAEO_EXCLUDES(mutex_);
    void wait_for_handlers() ARCHAEO_EXCLUDES(mutex_);
    // Whether handlers were left behind.
    [[nodiscard]] bool hand_back_the_rest() ARCHAEO_EXCLUDES(mutex_);
    void settle_the_rest() ARCHAEO_EXCLUDES(mutex_);
    [[nodiscard]] bool is_quiet_within(Milliseconds time) ARCHAEO_REQUIRES(mutex_);

    Queue& queue_;
    const Clock& clock_;
    const WorkerOptions options_;
    const Logger log_;
    std::vector<std::string> job_types_;

    mutable Mutex mutex_;
    Condition idle_;   // for the waiter
    Condition ended_;  // for the settler
    Condition pulse_;  // for the heart
    Condition alarm_;  // for the watch
    Condition quiet_;  // for who drains
    Stage stage_ ARCHAEO_GUARDED_BY(mutex_) = Stage::running;
    bool is_refused_ ARCHAEO_GUARDED_BY(mutex_) = false;  // another live worker has the id
    bool is_grace_over_ ARCHAEO_GUARDED_BY(mutex_) = false;
    std::map<std::uint64_t, Held> held_ ARCHAEO_GUARDED_BY(mutex_);  // until settled or lost
    Runs active_ ARCHAEO_GUARDED_BY(mutex_);                         // in a handler, held or not; none written off
    std::vector<Ending> endings_ ARCHAEO_GUARDED_BY(mutex_);
    int waiter_asks_ ARCHAEO_GUARDED_BY(mutex_) = 0;       // slots spoken for by the waiter's claim
    int settler_asks_ ARCHAEO_GUARDED_BY(mutex_) = 0;      // and by the settler's call
    Milliseconds alarm_at_ ARCHAEO_GUARDED_BY(mutex_){0};  // when the watch looks next, since boot
    std::optional<std::chrono::nanoseconds> mean_run_ ARCHAEO_GUARDED_BY(mutex_);  // of the last few handlers
    std::int64_t processed_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::int64_t failed_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::optional<TimePoint> last_claim_at_ ARCHAEO_GUARDED_BY(mutex_);
    mutable std::string_view noted_state_ ARCHAEO_GUARDED_BY(mutex_) = "running";
    mutable TimePoint since_ ARCHAEO_GUARDED_BY(mutex_);
    std::chrono::steady_clock::time_point all_due_at_ ARCHAEO_GUARDED_BY(mutex_);

    Slots slots_;
    std::vector<std::thread> threads_;
};

}  // namespace archaeologist
