#include "sim/lossy.hpp"

#include <algorithm>
#include <utility>

namespace archaeologist::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t workers_count = 5;
constexpr std::size_t unfinished_max = 60;
constexpr std::size_t finished_max = 150;
constexpr std::size_t told_max = 60;
constexpr std::int64_t compare_every = 25;
constexpr std::int64_t epilogue_steps_max = 5'000;

std::string short_id(JobId id) { return id.text().substr(24); }

std::string named(const Lease& lease) { return " " + short_id(lease.id) + "#" + std::to_string(lease.epoch); }

}  // namespace

LossySimulation::LossySimulation(RedisServer& server, const Story& story)
    : story_(story), rng_(story.seed), redis_(server, options_, clock_, story.seed), ledger_(options_) {
    for (std::size_t i = 0; i < workers_count; ++i) workers_.push_back({"w" + std::to_string(i) + ".0", {}});
}

Ending LossySimulation::run() {
    while (steps_ < story_.steps && ledger_.complaint().empty()) step();
    if (ledger_.complaint().empty()) epilogue();
    return {steps_, ledger_.complaint(), {told_.begin(), told_.end()}};
}

void LossySimulation::tell(std::string what) {
    told_.push_back(std::to_string(steps_) + " at " + std::to_string(to_ms(now()) % 1'000'000'000) + ": " +
                    std::move(what));
    if (told_.size() > told_max) told_.pop_front();
}

void LossySimulation::step() {
    ++steps_;
    const std::uint64_t dice = below(1'000);
    dice < 960 ? act(dice) : act_rarely(dice);
    if (steps_ % compare_every == 0) ledger_.compare_all(redis_.desk());
}

void LossySimulation::act(std::uint64_t dice) {
    Worker& worker = workers_[below(workers_.size())];
    if (dice < 140) return move_clock();
    if (dice < 240) return enqueue();
    if (dice < 420) return claim(worker);
    if (dice < 600) return settle(worker);
    if (dice < 700) return finish_and_claim(worker);
    if (dice < 770) return beat(worker);
    if (dice < 860) return relay();
    if (dice < 940) return record();
    sweep();
}

void LossySimulation::act_rarely(std::uint64_t dice) {
    if (dice < 966) return crash(workers_[below(workers_.size())]);
    if (dice < 976) return cancel();
    if (dice < 980) return remove();
    lose_something(dice);
}

void LossySimulation::lose_something(std::uint64_t dice) {
    if (dice < 984) {
        tell("FLUSHALL");
        redis_.flush_all();
        ledger_.lost();
        is_begun_ = false;
    } else if (dice < 988) {
        tell("SCRIPT FLUSH");
        redis_.forget_scripts();
    } else if (dice < 993) {
        tell("all connections are cut");
        redis_.cut_connections();
    } else if (dice < 995) {
        redis_.save();
        restart("Redis restarts with all it had");
    } else if (dice < 998) {
        tell("Redis is saved");
        redis_.save();
    } else {
        restart("Redis restarts with what was saved last");
        if (is_restarted_) ledger_.went_back();
    }
}

void LossySimulation::restart(std::string_view what) {
    if (!redis_.restore()) return;
    tell(std::string(what));
    is_begun_ = false;
    is_restarted_ = true;
}

bool LossySimulation::is_answered(const std::string& what, const Status& reply) {
    if (reply) return true;
    tell(what + ": " + reply.error().message);
    if (is_begun_) ledger_.complain(what + ": Redis has the queue, and the call says " + reply.error().message);
    return false;
}

void LossySimulation::move_clock() {
    const std::uint64_t dice = below(100);
    std::chrono::milliseconds by{below(300)};
    if (dice >= 70) by = std::chrono::milliseconds{below(4'000)};
    if (dice >= 90) by = std::chrono::milliseconds{4'000 + below(10'000)};
    clock_.advance(by);
    tell("clock " + std::to_string(by.count()) + " ms");
}

JobId LossySimulation::new_id() {
    Uuid id;
    ++ids_;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(ids_ >> (8 * i));
    return JobId(id);
}

NewJob LossySimulation::new_job() {
    NewJob job;
    job.id = new_id();
    job.job_type = once_in(2) ? "read" : "write";
    job.project_id = ProjectId{1 + static_cast<std::int64_t>(below(3))};
    job.priority = static_cast<Priority>(below(4));
    job.max_retries = static_cast<int>(below(4));
    job.timeout = std::chrono::seconds{5 + below(60)};
    if (once_in(8)) job.scheduled_at = now() + std::chrono::milliseconds{below(30'000)};
    return job;
}

void LossySimulation::enqueue() {
    if (ledger_.unfinished().size() >= unfinished_max) return;
    std::vector<NewJob> jobs(1 + below(4));
    std::generate(jobs.begin(), jobs.end(), [&] { return new_job(); });
    const auto reply = redis_.desk().enqueue(jobs);
    tell("enqueue " + std::to_string(jobs.size()) + " from " + short_id(jobs.front().id));
    if (!reply) return ledger_.complain("enqueue: " + reply.error().message);
    ledger_.accepted(jobs);
}

void LossySimulation::claim(Worker& worker) {
    const ClaimRequest request{.worker_id = worker.id, .limit = 1 + static_cast<int>(below(4)), .job_types = {}};
    const auto leases = redis_.workers().claim(request, 0ms);
    if (!is_answered(worker.id + " claims", leases ? Status() : Status(leases.error()))) return;
    const bool is_heard = !once_in(12);
    std::string what = worker.id + " claims" + (is_heard ? "" : ", and does not hear of,");
    for (const Lease& lease : *leases) what += named(lease);
    tell(what);
    ledger_.claimed(*leases, now());
    if (is_heard) worker.held.insert(worker.held.end(), leases->begin(), leases->end());
}

Outcome LossySimulation::outcome_for(const Lease& lease) {
    const std::uint64_t dice = below(100);
    if (dice < 66) return Completed{Ledger::result_of(lease.id, lease.epoch)};
    if (dice < 80) return Failed{.message = "no luck", .permanent = once_in(3)};
    if (dice < 86) return Released{};
    if (dice < 92) return Delayed{.message = "429", .wait = std::chrono::milliseconds{below(5'000)}};
    Expanded expanded;
    expanded.children.resize(below(5));
    std::generate(expanded.children.begin(), expanded.children.end(), [&] { return new_job(); });
    return expanded;
}

void LossySimulation::settle(Worker& worker) {
    if (worker.held.empty()) return;
    const auto which = worker.held.begin() + static_cast<std::ptrdiff_t>(below(worker.held.size()));
    const Settlement settlement = settlement_of(*which, outcome_for(*which));
    const Status settled = redis_.workers().settle(settlement);
    tell(worker.id + " settles" + named(*which) + " as " + std::to_string(settlement.outcome.index()) +
         (settled ? "" : ", refused: " + settled.error().message));
    const bool is_known = settled || settled.error().code != Code::unavailable;
    if (!is_known && !is_answered("settle", settled)) return;
    ledger_.settled(settlement, settled, now());
    if (!once_in(12)) worker.held.erase(which);
}

void LossySimulation::finish_and_claim(Worker& worker) {
    std::vector<Settlement> settlements;
    for (std::size_t i = below(worker.held.size() + 1); i > 0; --i) {
        settlements.push_back(settlement_of(worker.held[i - 1], outcome_for(worker.held[i - 1])));
    }
    const ClaimRequest request{.worker_id = worker.id, .limit = static_cast<int>(below(4)), .job_types = {}};
    const auto done = redis_.workers().finish_claim(settlements, request);
    if (!is_answered(worker.id + " finishes", done ? Status() : Status(done.error()))) return;
    std::string what = worker.id + " finishes";
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        what += " " + short_id(settlements[i].id) + "#" + std::to_string(settlements[i].epoch) + " as " +
                std::to_string(settlements[i].outcome.index()) + (done->settled[i] ? "" : " (refused)");
        ledger_.settled(settlements[i], done->settled[i], now());
    }
    what += ", claims";
    for (const Lease& lease : done->claimed) what += named(lease);
    tell(what);
    ledger_.claimed(done->claimed, now());
    if (once_in(12)) return;  // unheard
    worker.held.erase(worker.held.begin(), worker.held.begin() + static_cast<std::ptrdiff_t>(settlements.size()));
    worker.held.insert(worker.held.end(), done->claimed.begin(), done->claimed.end());
}

void LossySimulation::beat(Worker& worker) {
    std::vector<Beat> beats;
    for (const Lease& lease : worker.held) {
        const bool is_newest = std::none_of(worker.held.begin(), worker.held.end(), [&](const Lease& other) {
            return other.id == lease.id && other.epoch > lease.epoch;
        });
        if (is_newest) beats.push_back({lease.id, lease.epoch, 1, 2, "half"});
    }
    const auto reply = redis_.workers().heartbeat(worker.id, beats);
    if (!is_answered(worker.id + " beats", reply ? Status() : Status(reply.error()))) return;
    tell(worker.id + " beats " + std::to_string(beats.size()) + ", lost " + std::to_string(reply->lost.size()));
    ledger_.beaten(beats, *reply, now());
    if (once_in(3)) return;  // one that does not listen must do no harm
    std::erase_if(worker.held, [&](const Lease& lease) {
        const auto is_its = [&](JobId id) { return id == lease.id; };
        return std::any_of(reply->lost.begin(), reply->lost.end(), is_its) ||
               std::any_of(reply->cancelled.begin(), reply->cancelled.end(), is_its);
    });
}

void LossySimulation::crash(Worker& worker) {
    tell(worker.id + " dies with " + std::to_string(worker.held.size()));
    worker.held.clear();
    worker.id = worker.id.substr(0, worker.id.find('.')) + "." + std::to_string(steps_);
}

void LossySimulation::cancel() {
    const auto unfinished = ledger_.unfinished();
    if (unfinished.empty()) return;
    const JobId id = unfinished[below(unfinished.size())];
    const Status reply = redis_.desk().cancel(id);
    tell("cancel " + short_id(id) + (reply ? "" : ", refused"));
    ledger_.cancelled(id, reply);
}

void LossySimulation::remove() {
    auto finished = ledger_.finished();
    std::size_t wanted = 1 + (finished.size() > finished_max ? finished.size() - finished_max : 0);
    for (; wanted > 0 && !finished.empty(); --wanted) {
        const auto which = finished.begin() + static_cast<std::ptrdiff_t>(below(finished.size()));
        const Status reply = redis_.desk().remove(*which);
        tell("remove " + short_id(*which) + (reply ? "" : ", refused"));
        ledger_.removed(*which, reply);
        finished.erase(which);
    }
}

void LossySimulation::relay() {
    const Status done = redis_.relay();
    tell("relay" + (done ? std::string() : ": " + done.error().message));
    if (!done) return ledger_.complain("relay: " + done.error().message);
    is_begun_ = true;
    // Until now what runs may end; from now on it is another incarnation.
    if (std::exchange(is_restarted_, false)) ledger_.lost();
    ledger_.relayed();
}

void LossySimulation::record() {
    const Status done = redis_.record();
    tell("record");
    if (is_answered("record", done)) ledger_.recorded(redis_.desk());
}

void LossySimulation::sweep() {
    tell("sweep");
    static_cast<void>(is_answered("sweep", redis_.sweep()));
}

// Nobody fails any more, and Redis keeps what it is told: what was accepted must finish.
void LossySimulation::epilogue() {
    tell("epilogue");
    for (Worker& worker : workers_) crash(worker);
    const std::int64_t begun_at = steps_;
    while (ledger_.complaint().empty() && !ledger_.is_all_finished(redis_.desk())) {
        if (++steps_ - begun_at > epilogue_steps_max) {
            return ledger_.complain("job " + ledger_.unfinished().front().text() + " was accepted and never finishes");
        }
        clock_.advance(1s);
        relay();
        sweep();
        Worker& worker = workers_[below(workers_.size())];
        const auto leases = redis_.workers().claim({.worker_id = worker.id, .limit = 20, .job_types = {}}, 0ms);
        if (!is_answered("claim", leases ? Status() : Status(leases.error()))) return;
        ledger_.claimed(*leases, now());
        for (const Lease& lease : *leases) {
            const Settlement settlement = settlement_of(lease, Completed{Ledger::result_of(lease.id, lease.epoch)});
            tell(worker.id + " works off" + named(lease));
            ledger_.settled(settlement, redis_.workers().settle(settlement), now());
        }
        record();
    }
}

}  // namespace archaeologist::sim
