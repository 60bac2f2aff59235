// The waiter and the settler: claiming jobs and settling how they ended.
#include <algorithm>
#include <iterator>
#include <utility>

#include "queue/settle.hpp"
#include "worker/loop.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds claim_wait_max = 1s;
constexpr std::chrono::milliseconds join_again = 1s;
constexpr std::chrono::milliseconds short_run = 10ms;
constexpr int claimed_ahead_max = 64;
constexpr std::chrono::milliseconds pause_min = 50ms;  // after the queue failed; doubles
constexpr std::chrono::milliseconds pause_max = 1s;

class Pause {
public:
    [[nodiscard]] std::chrono::milliseconds next() { return std::exchange(time_, std::min(2 * time_, pause_max)); }
    void reset() { time_ = pause_min; }

private:
    std::chrono::milliseconds time_ = pause_min;
};

}  // namespace

int Worker::Impl::claimed_ahead() const {
    return mean_run_ && *mean_run_ < short_run ? std::min(slots_.capacity(), claimed_ahead_max) : 0;
}

void Worker::Impl::note_run_time(std::chrono::nanoseconds time) {
    constexpr int weight = 8;
    mean_run_ = mean_run_ ? *mean_run_ + (time - *mean_run_) / weight : time;
}

int Worker::Impl::idle_slots() const {
    return slots_.capacity() + claimed_ahead() - static_cast<int>(active_.size() + endings_.size()) - waiter_asks_ -
           settler_asks_;
}

bool Worker::Impl::may_claim() const {
    return stage_ == Stage::running && !job_types_.empty() && slots_.written_off() < Slots::written_off_max;
}

ClaimRequest Worker::Impl::request(int limit) const {
    return {.worker_id = options_.worker_id, .limit = limit, .job_types = job_types_};
}

void Worker::Impl::start(std::vector<Lease> leases, Milliseconds asked_at) {
    for (Lease& lease : leases) {
        const TimePoint started_at = clock_.now();
        const Milliseconds timeout = lease.deadline - started_at;
        const Milliseconds deadline = clock_.since_boot() + timeout;
        const auto run = std::make_shared<Run>(std::move(lease), started_at, deadline, timeout);
        const Milliseconds lease_end = asked_at + options_.lease;
        lose_older(*run);
        held_[run->epoch()] = {.run = run, .lease_end = lease_end, .is_ending = false};
        if (stage_ != Stage::running) {
            end(run, Released{});
            continue;
        }
        active_[run->epoch()] = run;
        slots_.begin(run);
        if (std::min(deadline, lease_end) < alarm_at_) alarm_.notify_one();
    }
    if (is_ahead() && clock_.since_boot() + unbegun_patience < alarm_at_) alarm_.notify_one();
}

void Worker::Impl::end(const std::shared_ptr<Run>& run, Outcome outcome) {
    held_.at(run->epoch()).is_ending = true;
    endings_.push_back({run, std::move(outcome)});
    ended_.notify_one();
}

void Worker::Impl::handler_returned(const std::shared_ptr<Run>& run, Outcome outcome) {
    const auto time = run->ran_for();
    const MutexLock lock(mutex_);
    if (active_.erase(run->epoch()) == 0) return;  // written off: its deadline has settled it
    note_run_time(time);
    if (held_.contains(run->epoch())) {
        const bool is_done = std::holds_alternative<Completed>(outcome) || std::holds_alternative<Expanded>(outcome);
        // A handler that was told to stop may return anything; the job is as good as before.
        if (is_grace_over_ && !is_done) outcome = Released{};
        end(run, std::move(outcome));
    } else {
        idle_.notify_one();
    }
    if (active_.empty()) quiet_.notify_all();
}

void Worker::Impl::lose(std::uint64_t epoch, const std::string& why) {
    const auto found = held_.find(epoch);
    if (found == held_.end()) return;
    const std::shared_ptr<Run> run = found->second.run;
    held_.erase(found);
    run->request_stop();
    log_(LogLevel::info, "worker: job " + run->lease().id.text() + ": " + why, run->lease().id);
}

// A job that was taken back and given to this worker anew: heartbeats speak of jobs, so only one lease may be held.
void Worker::Impl::lose_older(const Run& run) {
    const auto older = std::find_if(held_.begin(), held_.end(),
                                    [&](const auto& held) { return held.second.run->lease().id == run.lease().id; });
    if (older != held_.end()) lose(older->first, "it was claimed anew");
}

int Worker::Impl::await_idle_slots() {
    const MutexLock lock(mutex_);
    waiter_asks_ = 0;
    while (stage_ == Stage::running) {
        if (may_claim() && idle_slots() > 0) return waiter_asks_ = std::min(idle_slots(), QueueLimits::claim_max);
        idle_.wait_for(mutex_, 1s);  // nobody tells when a written-off handler returns
    }
    quiet_.notify_all();
    return 0;
}

bool Worker::Impl::join_queue() {
    std::string said;
    for (;;) {
        const Status joined = queue_.join(options_.worker_id);
        const bool is_refused = !joined && joined.error().code == Code::conflict;
        const MutexLock lock(mutex_);
        is_refused_ = is_refused;
        note_state();
        if (!joined && joined.error().message != said) {
            said = joined.error().message;
            log_(LogLevel::error, "worker: cannot join the queue: " + said);
        }
        // Without a place among the workers its leases end later when it dies, and no less.
        if (!is_refused || stage_ != Stage::running) return !is_refused;
        idle_.wait_for(mutex_, join_again);
        if (stage_ != Stage::running) return false;
    }
}

void Worker::Impl::wait_for_work() {
    if (!join_queue()) return;
    // A lease is counted from before the claim began to wait, so a long wait would eat it up.
    const Milliseconds wait = std::min(claim_wait_max, options_.lease / 4);
    Pause pause;
    while (const int limit = await_idle_slots()) {
        const Milliseconds asked_at = clock_.since_boot();
        auto leases = queue_.claim(request(limit), wait);
        const MutexLock lock(mutex_);
        if (leases) {
            pause.reset();
            last_claim_at_ = clock_.now();
            start(std::move(leases).value(), asked_at);
        } else {
            log_(LogLevel::warning, "worker: claim failed: " + leases.error().message);
            if (stage_ == Stage::running) idle_.wait_for(mutex_, pause.next());
        }
    }
}

// Leaves out what was lost while it waited.
std::vector<Worker::Impl::Ending> Worker::Impl::take_held_endings() {
    std::vector<Ending> taken;
    std::vector<Ending> left;
    for (Ending& ending : endings_) {
        if (!held_.contains(ending.run->epoch())) continue;
        (taken.size() < QueueLimits::settlements_max ? taken : left).push_back(std::move(ending));
    }
    endings_ = std::move(left);
    return taken;
}

Worker::Impl::Batch Worker::Impl::await_endings() {
    const MutexLock lock(mutex_);
    settler_asks_ = 0;
    while (true) {
        Batch batch{.endings = take_held_endings(), .limit = 0};
        if (!batch.endings.empty()) {
            if (may_claim()) batch.limit = std::clamp(idle_slots(), 0, QueueLimits::claim_max);
            settler_asks_ = std::max(batch.limit, static_cast<int>(batch.endings.size()));
            return batch;
        }
        if (stage_ >= Stage::closing) return {};
        quiet_.notify_all();
        if (idle_slots() > 0) idle_.notify_one();
        ended_.wait(mutex_);
    }
}

void Worker::Impl::settle_endings() {
    Pause pause;
    while (true) {
        Batch batch = await_endings();
        if (batch.endings.empty()) return;
        if (settle(std::move(batch))) {
            pause.reset();
        } else {
            std::this_thread::sleep_for(pause.next());
        }
    }
}

bool Worker::Impl::settle(Batch batch) {
    std::vector<Settlement> settlements;
    settlements.reserve(batch.endings.size());
    for (const Ending& ending : batch.endings) {
        settlements.push_back(settlement_of(ending.run->lease(), ending.outcome));
    }
    const Milliseconds asked_at = clock_.since_boot();
    auto reply = queue_.finish_claim(settlements, request(batch.limit));

    const MutexLock lock(mutex_);
    if (!reply) {
        log_(LogLevel::warning, "worker: settling failed, will try again: " + reply.error().message);
        for (Ending& ending : batch.endings) endings_.push_back(std::move(ending));
        return false;
    }
    last_claim_at_ = clock_.now();
    bool is_all_settled = true;
    for (std::size_t i = 0; i < batch.endings.size(); ++i) {
        is_all_settled = take_in(std::move(batch.endings[i]), reply->settled[i]) && is_all_settled;
    }
    start(std::move(reply->claimed), asked_at);
    return is_all_settled;
}

bool Worker::Impl::take_in(Ending ending, const Status& settled) {
    const std::uint64_t epoch = ending.run->epoch();
    if (settled) {
        held_.erase(epoch);
        count(ending.outcome);
        return true;
    }
    const Error& error = settled.error();
    if (error.is_retriable()) {
        endings_.push_back(std::move(ending));
        return false;
    }
    const bool is_lost = error.code == Code::lease_lost || error.code == Code::not_found;
    if (is_lost || std::holds_alternative<Failed>(ending.outcome)) {
        lose(epoch, "its outcome is dropped: " + error.message);
    } else {
        endings_.push_back(
            {std::move(ending.run), Failed{.message = "result refused: " + error.message, .permanent = true}});
    }
    return true;
}

void Worker::Impl::count(const Outcome& outcome) {
    if (std::holds_alternative<Released>(outcome) || std::holds_alternative<Delayed>(outcome)) return;
    ++processed_;
    if (std::holds_alternative<Failed>(outcome)) ++failed_;
}

}  // namespace archaeologist
