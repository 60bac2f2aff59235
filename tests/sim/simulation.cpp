#include "sim/simulation.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace archaeologist::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t workers_count = 6;
// A claim makes at most 64 due jobs ready and takes back at most 64 leases; below that the model is exact.
constexpr std::size_t unfinished_max = 120;
constexpr std::size_t scheduled_max = 40;
constexpr std::size_t running_max = 40;
constexpr std::size_t finished_max = 400;
constexpr std::size_t told_max = 40;
constexpr std::int64_t compare_all_every = 400;
constexpr std::int64_t epilogue_steps_max = 20'000;

constexpr std::array<const char*, 3> job_types{"read", "write", "gather"};

std::string short_id(JobId id) { return id.text().substr(24); }

std::string describe(const Outcome& outcome) {
    constexpr std::array<const char*, 5> names{"completed", "failed", "released", "delayed", "expanded"};
    return names.at(outcome.index());
}

}  // namespace

Simulation::Simulation(const MakeSubject& make, const Story& story)
    : story_(story),
      rng_(story.seed),
      subject_(make(options_, clock_, story.seed)),
      handles_(subject_->handles()),
      model_(options_) {
    for (std::size_t i = 0; i < workers_count; ++i) workers_.push_back({"w" + std::to_string(i) + ".0", {}, {}});
}

Ending Simulation::run() {
    while (steps_ < story_.steps && model_.complaint().empty()) step();
    if (model_.complaint().empty()) epilogue();
    return {steps_, model_.complaint(), {told_.begin(), told_.end()}};
}

void Simulation::tell(std::string what) {
    told_.push_back(std::to_string(steps_) + " at " + std::to_string(to_ms(now()) % 1'000'000'000) + ": " +
                    std::move(what));
    if (told_.size() > told_max) told_.pop_front();
}

Queue& Simulation::queue() { return *handles_[below(handles_.size())]; }

void Simulation::step() {
    ++steps_;
    const std::uint64_t dice = below(1'000);
    dice < 940 ? act(dice) : act_rarely(dice);
    check();
}

void Simulation::act(std::uint64_t dice) {
    Worker& worker = workers_[below(workers_.size())];
    if (dice < 220) return move_clock();
    if (dice < 340) return enqueue();
    if (worker.frozen_until > now()) return;
    if (dice < 560) return claim(worker);
    if (dice < 760) return settle(worker);
    if (dice < 820) return finish_and_claim(worker);
    beat(worker);
}

void Simulation::act_rarely(std::uint64_t dice) {
    Worker& worker = workers_[below(workers_.size())];
    if (dice < 946) return crash(worker);
    if (dice < 952) return freeze(worker);
    if (dice < 966) return cancel();
    if (dice < 968) return cancel_many();
    if (dice < 974) return retry();
    if (dice < 979) return remove();
    if (dice < 986) return reprioritise();
    if (dice < 990) return pause_or_resume();
    if (dice < 994) return limit();
    resend();
}

void Simulation::check() {
    for (const JobId id : model_.touched()) model_.compare(queue(), id);
    model_.forget_touched();
    if (steps_ % compare_all_every == 0) model_.compare_all(queue(), now());
}

void Simulation::move_clock() {
    const std::uint64_t dice = below(1'000);
    std::chrono::milliseconds by{below(200)};
    if (dice >= 700) by = std::chrono::milliseconds{below(3'000)};
    if (dice >= 900) by = std::chrono::milliseconds{3'000 + below(12'000)};
    if (dice >= 985) by = std::chrono::milliseconds{below(1'200'000)};
    if (dice >= 994) by = -std::chrono::milliseconds{below(30'000)};
    if (dice >= 998) by = 48h;
    clock_.advance(by);
    tell("clock " + std::to_string(by.count()) + " ms");
}

// Less than any id that a queue makes, so that ties break alike in every run.
JobId Simulation::new_id() {
    Uuid id;
    ++ids_;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(ids_ >> (8 * i));
    return JobId(id);
}

NewJob Simulation::new_job() {
    NewJob job;
    job.id = new_id();
    job.job_type = job_types.at(below(job_types.size()));
    job.project_id = ProjectId{1 + static_cast<std::int64_t>(below(4))};
    job.priority = static_cast<Priority>(below(4));
    job.max_retries = static_cast<int>(below(4));
    job.timeout = std::chrono::seconds{1 + below(30)};
    if (once_in(8) && model_.count_scheduled() < scheduled_max) {
        job.scheduled_at = now() + std::chrono::milliseconds{below(60'000)} - 5s;
    }
    return job;
}

void Simulation::enqueue() {
    if (model_.unfinished().size() >= unfinished_max) return;
    std::vector<NewJob> jobs(1 + (once_in(6) ? below(12) : 0));
    std::generate(jobs.begin(), jobs.end(), [&] { return new_job(); });
    if (once_in(10)) {
        const auto some = sample_jobs();
        if (!some.empty()) jobs.back().parent_id = some.front();
    }
    const auto reply = queue().enqueue(jobs);
    tell("enqueue " + std::to_string(jobs.size()) + " from " + short_id(jobs.front().id));
    model_.enqueued(jobs, reply, now());
    if (chance_of_reply() == Reply::lost && unheard_.size() < 20) unheard_.push_back(std::move(jobs));
}

// The client never heard whether its jobs were accepted, and sends them again: that must change nothing.
void Simulation::resend() {
    if (unheard_.empty()) return;
    const auto jobs = std::exchange(unheard_.back(), {});
    unheard_.pop_back();
    tell("resend " + short_id(jobs.front().id));
    // What was forgotten meanwhile would be new again.
    const bool is_known = std::all_of(jobs.begin(), jobs.end(), [&](const NewJob& job) { return model_.find(job.id); });
    if (is_known) model_.enqueued(jobs, queue().enqueue(jobs), now());
}

ClaimRequest Simulation::request_of(const Worker& worker) {
    ClaimRequest request{.worker_id = worker.id, .limit = 1 + static_cast<int>(below(4)), .job_types = {}};
    if (once_in(5)) request.job_types = {job_types.at(below(job_types.size())), "unheard-of"};
    return request;
}

void Simulation::take(Worker& worker, std::vector<Lease> leases, Reply reply) {
    std::string ids;
    for (const Lease& lease : leases) ids += " " + short_id(lease.id) + "#" + std::to_string(lease.epoch);
    tell(worker.id + " claims" + ids + (reply == Reply::lost ? ", which it never hears" : ""));
    if (reply == Reply::heard) worker.held.insert(worker.held.end(), leases.begin(), leases.end());
}

void Simulation::claim(Worker& worker) {
    if (model_.count_running() >= running_max) return;
    const ClaimRequest request = request_of(worker);
    auto leases = queue().claim(request, 0ms);
    model_.claimed(request, leases.value(), now());
    take(worker, std::move(leases).value(), chance_of_reply());
}

Outcome Simulation::outcome_for(const Lease& lease) {
    const std::uint64_t dice = below(100);
    if (dice < 62) return Completed{};
    if (dice < 76) return Failed{.message = "no luck", .permanent = once_in(4)};
    if (dice < 84) return Released{};
    if (dice < 92) return Delayed{.message = "429", .wait = std::chrono::milliseconds{below(20'000)}};
    Expanded expanded;
    if (model_.unfinished().size() >= unfinished_max) return Completed{};
    expanded.children.resize(below(6));
    for (NewJob& child : expanded.children) {
        child = new_job();
        child.project_id = lease.project_id;
    }
    return expanded;
}

void Simulation::settle(Worker& worker) {
    if (worker.held.empty()) return;
    const std::size_t which = below(worker.held.size());
    const Settlement settlement = settlement_of(worker.held[which], outcome_for(worker.held[which]));
    const Reply reply = chance_of_reply();
    const Status settled = queue().settle(settlement);
    tell(worker.id + " settles " + short_id(settlement.id) + "#" + std::to_string(settlement.epoch) + " as " +
         describe(settlement.outcome) + (settled ? "" : ", refused") + (reply == Reply::lost ? ", unheard" : ""));
    model_.settled(settlement, settled, now());
    if (reply == Reply::heard) worker.held.erase(worker.held.begin() + static_cast<std::ptrdiff_t>(which));
}

void Simulation::finish_and_claim(Worker& worker) {
    if (model_.count_running() >= running_max) return;
    std::vector<Settlement> settlements;
    for (std::size_t i = below(worker.held.size() + 1); i > 0; --i) {
        const Lease& lease = worker.held[i - 1];
        settlements.push_back(settlement_of(lease, outcome_for(lease)));
    }
    ClaimRequest request = request_of(worker);
    const bool has_expanded = std::any_of(settlements.begin(), settlements.end(), [](const Settlement& one) {
        return std::holds_alternative<Expanded>(one.outcome);
    });
    if (once_in(4) || (has_expanded && subject_->children() == Subject::Children::later)) request.limit = 0;
    auto done = queue().finish_claim(settlements, request);
    if (!done || done->settled.size() != settlements.size()) return model_.claimed(request, {}, now());
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        tell(worker.id + " finishes " + short_id(settlements[i].id) + " as " + describe(settlements[i].outcome) +
             (done->settled[i] ? "" : ", refused"));
        model_.settled(settlements[i], done->settled[i], now());
    }
    model_.claimed(request, done->claimed, now());
    const Reply reply = chance_of_reply();
    if (reply == Reply::heard) {
        worker.held.erase(worker.held.begin(), worker.held.begin() + static_cast<std::ptrdiff_t>(settlements.size()));
    }
    take(worker, std::move(done->claimed), reply);
}

void Simulation::beat(Worker& worker) {
    std::vector<Beat> beats;
    for (const Lease& lease : worker.held) {
        const bool is_newest = std::none_of(worker.held.begin(), worker.held.end(), [&](const Lease& other) {
            return other.id == lease.id && other.epoch > lease.epoch;
        });
        if (is_newest) beats.push_back({lease.id, lease.epoch, 1, 2, "half"});
    }
    const auto reply = queue().heartbeat(worker.id, beats);
    tell(worker.id + " beats " + std::to_string(beats.size()) + ", lost " + std::to_string(reply->lost.size()));
    model_.beaten(worker.id, beats, reply.value(), now());
    if (chance_of_reply() == Reply::lost || once_in(3)) return;  // one that does not listen must do no harm
    std::erase_if(worker.held, [&](const Lease& lease) {
        const auto is_its = [&](JobId id) { return id == lease.id; };
        return std::any_of(reply->lost.begin(), reply->lost.end(), is_its) ||
               std::any_of(reply->cancelled.begin(), reply->cancelled.end(), is_its);
    });
}

void Simulation::crash(Worker& worker) {
    tell(worker.id + " dies with " + std::to_string(worker.held.size()));
    worker.held.clear();
    worker.id = worker.id.substr(0, worker.id.find('.')) + "." + std::to_string(steps_);
}

void Simulation::freeze(Worker& worker) {
    worker.frozen_until = now() + std::chrono::milliseconds{below(25'000)};
    tell(worker.id + " freezes");
}

// Some that are unfinished, finished or forgotten.
std::vector<JobId> Simulation::sample_jobs() {
    std::vector<JobId> some;
    const auto& unfinished = model_.unfinished();
    const auto& finished = model_.finished();
    for (std::uint64_t i = 1 + (once_in(10) ? below(30) : 0); i > 0; --i) {
        if (!unfinished.empty() && !once_in(4)) {
            auto at = unfinished.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(below(unfinished.size())));
            some.push_back(at->first);
        } else if (!finished.empty()) {
            some.push_back(finished[below(finished.size())]);
        }
    }
    return some;
}

void Simulation::cancel() {
    for (const JobId id : sample_jobs()) {
        const Status reply = queue().cancel(id);
        tell("cancel " + short_id(id) + (reply ? "" : ", refused"));
        model_.cancelled(id, reply, now());
    }
}

void Simulation::cancel_many() {
    JobSelection selection;
    selection.project_id = ProjectId{1 + static_cast<std::int64_t>(below(4))};
    selection.job_type = job_types.at(below(job_types.size()));
    const auto reply = queue().bulk(selection, BulkAction::cancel);
    tell("cancel all of a project's " + selection.job_type + ": " + std::to_string(reply->changed));
    model_.bulk_cancelled(*selection.project_id, selection.job_type, reply.value(), now());
}

void Simulation::retry() {
    for (const JobId id : sample_jobs()) {
        const auto reply = queue().retry(id);
        tell("retry " + short_id(id) + (reply ? " as " + short_id(*reply) : ", refused"));
        model_.retried(id, reply, now());
    }
}

void Simulation::remove() {
    auto some = sample_jobs();
    const auto& finished = model_.finished();
    while (finished.size() > finished_max && some.size() < finished_max / 2) {
        some.push_back(finished[below(finished.size())]);
    }
    for (const JobId id : some) {
        const Status reply = queue().remove(id);
        tell("remove " + short_id(id) + (reply ? "" : ", refused"));
        model_.removed(id, reply);
    }
}

void Simulation::reprioritise() {
    for (const JobId id : sample_jobs()) {
        const auto priority = static_cast<Priority>(below(4));
        const Status reply = queue().set_priority(id, priority);
        tell("set " + short_id(id) + " to " + std::string(to_string(priority)) + (reply ? "" : ", refused"));
        model_.reprioritised(id, priority, reply);
    }
}

void Simulation::pause_or_resume() {
    is_paused_ = !is_paused_ && once_in(3);
    tell(is_paused_ ? "pause" : "resume");
    const Status done = is_paused_ ? queue().pause() : queue().resume();
    if (done) model_.paused(is_paused_);
}

void Simulation::limit() {
    if (!limits_.empty() && once_in(2)) {
        tell("no more limit");
        if (queue().remove_limit(limits_.back())) model_.limited(limits_.back(), std::nullopt);
        limits_.pop_back();
        return;
    }
    ConcurrencyLimit limit;
    if (once_in(2)) {
        limit.project_id = ProjectId{1 + static_cast<std::int64_t>(below(4))};
    } else {
        limit.job_type = job_types.at(below(job_types.size()));
    }
    limit.running_max = static_cast<std::int64_t>(below(6));
    tell("limit of " + (limit.project_id ? "a project" : limit.job_type) + ": " + std::to_string(limit.running_max));
    if (queue().set_limit(limit)) model_.limited(limit, limit.running_max);
    const auto is_same = [&](const ConcurrencyLimit& one) {
        return one.project_id == limit.project_id && one.job_type == limit.job_type;
    };
    if (std::none_of(limits_.begin(), limits_.end(), is_same)) limits_.push_back(limit);
}

// Everyone who was away is back, and nobody fails any more: what was accepted must finish.
void Simulation::epilogue() {
    tell("epilogue");
    if (queue().resume()) model_.paused(false);
    for (const ConcurrencyLimit& limit : limits_) {
        if (queue().remove_limit(limit)) model_.limited(limit, std::nullopt);
    }
    for (Worker& worker : workers_) crash(worker);
    const std::int64_t begun_at = steps_;
    while (!model_.unfinished().empty() && model_.complaint().empty()) {
        if (++steps_ - begun_at > epilogue_steps_max) {
            model_.never_finished(model_.unfinished().begin()->first);
            return;
        }
        work_off();
        check();
    }
    model_.compare_all(queue(), now());
}

void Simulation::work_off() {
    clock_.advance(1s);
    Worker& worker = workers_[below(workers_.size())];
    const ClaimRequest request{.worker_id = worker.id, .limit = 4, .job_types = {}};
    auto leases = queue().claim(request, 0ms);
    model_.claimed(request, leases.value(), now());
    for (const Lease& lease : *leases) {
        const Settlement settlement = settlement_of(lease, Completed{});
        tell(worker.id + " works off " + short_id(lease.id));
        model_.settled(settlement, queue().settle(settlement), now());
    }
}

}  // namespace archaeologist::sim
