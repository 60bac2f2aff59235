// The heart and the watch: keeping leases, and keeping to deadlines.
#include <algorithm>
#include <set>

#include "worker/loop.hpp"

namespace archaeologist {

namespace {

using SteadyClock = std::chrono::steady_clock;

// How long progress stays untold at most, and how far apart heartbeats are that carry nothing else.
// Readers are to see a job's progress within 250 ms; with the queue on Redis the catalog may hear of it 100 ms later.
constexpr std::chrono::milliseconds news_every{100};

}  // namespace

std::vector<Beat> Worker::Impl::beats_of(Beating which) {
    std::vector<Beat> beats;
    for (const auto& [epoch, held] : held_) {
        if (which == Beating::all || held.run->has_news()) beats.push_back(held.run->beat());
    }
    return beats;
}

std::optional<std::vector<Beat>> Worker::Impl::await_beats() {
    const MutexLock lock(mutex_);
    auto news_due_at = SteadyClock::now() + news_every;
    while (stage_ < Stage::closing) {
        const auto now = SteadyClock::now();
        if (now >= all_due_at_) {
            all_due_at_ = now + options_.heartbeat;
            return beats_of(Beating::all);
        }
        if (now >= news_due_at) {
            auto beats = beats_of(Beating::news);
            if (!beats.empty()) return beats;
            news_due_at = now + news_every;
        }
        // Nobody tells it of news: to be told would cost every short job more than looking costs.
        pulse_.wait_for(mutex_, std::min(all_due_at_, news_due_at) - now);
    }
    return std::nullopt;
}

void Worker::Impl::renew_leases() {
    while (const auto beats = await_beats()) {
        if (beats->empty()) continue;
        const Milliseconds asked_at = clock_.since_boot();
        const auto reply = queue_.heartbeat(options_.worker_id, *beats);
        if (reply) {
            take_in(*beats, *reply, asked_at);
        } else {
            log_(LogLevel::warning, "worker: heartbeat failed: " + reply.error().message);
        }
    }
}

void Worker::Impl::take_in(const std::vector<Beat>& beats, const HeartbeatReply& reply, Milliseconds asked_at) {
    const std::set<JobId> lost(reply.lost.begin(), reply.lost.end());
    const std::set<JobId> cancelled(reply.cancelled.begin(), reply.cancelled.end());
    const MutexLock lock(mutex_);
    for (const Beat& beat : beats) {
        const auto found = held_.find(beat.epoch);
        if (found == held_.end()) continue;
        if (!lost.contains(beat.id) && !cancelled.contains(beat.id)) {
            found->second.lease_end = asked_at + options_.lease;
        } else if (!found->second.is_ending && found->second.run->deadline_since_boot() > asked_at) {
            // Else its settlement may have come first and will tell, or the watch is about to settle it as timed out.
            lose(beat.epoch, cancelled.contains(beat.id) ? "it was cancelled" : "the queue took its lease back");
        }
    }
}

void Worker::Impl::watch() {
    const MutexLock lock(mutex_);
    while (stage_ < Stage::closing) {
        const Milliseconds now = clock_.since_boot();
        check_leases(now);
        check_deadlines(now);
        check_unbegun();
        note_state();
        alarm_at_ = next_alarm(now);
        alarm_.wait_for(mutex_, alarm_at_ - now);
    }
}

void Worker::Impl::check_leases(Milliseconds now) {
    std::vector<std::uint64_t> over;
    for (const auto& [epoch, held] : held_) {
        if (held.lease_end <= now) over.push_back(epoch);
    }
    for (const std::uint64_t epoch : over) lose(epoch, "its lease ended without a renewal");
}

// A handler past its deadline gets no more time: the attempt is settled, the thread written off and replaced.
void Worker::Impl::check_deadlines(Milliseconds now) {
    std::vector<std::shared_ptr<Run>> late;
    for (const auto& [epoch, run] : active_) {
        if (run->deadline_since_boot() <= now) late.push_back(run);
    }
    for (const auto& run : late) {
        run->request_stop();
        active_.erase(run->epoch());
        slots_.write_off(*run, Slots::Replacement::thread);
        if (held_.contains(run->epoch())) end(run, Failed{.message = run->timed_out_message(), .permanent = false});
        log_(LogLevel::warning, "worker: job " + run->lease().id.text() + ": " + run->timed_out_message(),
             run->lease().id);
    }
    if (active_.empty()) quiet_.notify_all();
    if (!late.empty()) idle_.notify_one();
}

// A long job came among short ones.
void Worker::Impl::check_unbegun() {
    if (!is_ahead()) return;
    for (const auto& run : slots_.take_back(unbegun_patience)) {
        active_.erase(run->epoch());
        if (held_.contains(run->epoch())) end(run, Released{});
        note_run_time(unbegun_patience * 8);  // no more of that until handlers are short again
    }
}

// Looks at least once a heartbeat, for clocks that are moved by hand.
Worker::Impl::Milliseconds Worker::Impl::next_alarm(Milliseconds now) const {
    Milliseconds at = now + options_.heartbeat;
    for (const auto& [epoch, held] : held_) at = std::min(at, held.lease_end);
    for (const auto& [epoch, run] : active_) at = std::min(at, run->deadline_since_boot());
    if (is_ahead()) at = std::min(at, now + unbegun_patience);
    return std::max(at, now + Milliseconds{1});
}

}  // namespace archaeologist
