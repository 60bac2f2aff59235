// What a claim may take, must take, and must leave.
#include <algorithm>

#include "sim/model.hpp"

namespace archaeologist::sim {
namespace {

using namespace std::chrono_literals;

// The longest that a head start lets later work go ahead of earlier work.
constexpr auto ahead_max = 24h;

}  // namespace

struct Model::Claim {
    const ClaimRequest& request;
    bool holds_any = false;
    bool holds_suspect = false;
    bool meets_suspect = false;  // one that may be ready: then a claim may take fewer
    std::vector<ModelJob*> taken{};

    [[nodiscard]] bool has_suspect() const {
        return std::any_of(taken.begin(), taken.end(), [](const ModelJob* job) { return job->is_suspect(); });
    }
};

bool Model::has_room(const ModelJob& job) const {
    const auto count = [](const auto& counts, const auto& key) {
        const auto found = counts.find(key);
        return found == counts.end() ? 0 : found->second;
    };
    const auto of_project = project_limits_.find(job.project_id);
    if (of_project != project_limits_.end() && count(running_by_project_, job.project_id) >= of_project->second) {
        return false;
    }
    const auto of_type = type_limits_.find(job.job_type);
    return of_type == type_limits_.end() || count(running_by_type_, job.job_type) < of_type->second;
}

bool Model::is_wanted(const ModelJob& job, const ClaimRequest& request) const {
    const auto& types = request.job_types;
    return types.empty() || std::find(types.begin(), types.end(), job.job_type) != types.end();
}

// What a claim found due stays so, though the clock may go backwards.
void Model::promote(TimePoint now) {
    for (const auto& [id, queued] : unfinished_) {
        ModelJob& job = *queued;
        if (job.phase != Phase::queued || job.ready_from > now) continue;
        if (job.ready_by <= now) job.ready_by = TimePoint::min();
        job.ready_from = TimePoint::min();
    }
}

void Model::claimed(const ClaimRequest& request, const std::vector<Lease>& leases, TimePoint now) {
    expire(now);
    promote(now);
    Claim claim{.request = request};
    for (const auto& [id, running] : running_) {
        const ModelJob& job = *running;
        if (job.worker_id != request.worker_id) continue;
        claim.holds_any = true;
        claim.holds_suspect = claim.holds_suspect || job.is_suspect();
    }
    for (const auto& [id, queued] : unfinished_) {
        const ModelJob& job = *queued;
        const bool may_be_ready = job.phase == Phase::queued && job.ready_from <= now;
        if (may_be_ready && job.is_suspect() && is_wanted(job, request)) claim.meets_suspect = true;
    }
    if (is_paused_ && !leases.empty()) complain("claim: the queue is paused and gave a job");
    if (leases.size() > static_cast<std::size_t>(request.limit)) complain("claim: gave more jobs than were asked for");
    for (const Lease& lease : leases) take(claim, lease, now);
    check_left(claim, now);
}

void Model::take(Claim& claim, const Lease& lease, TimePoint now) {
    const auto found = jobs_.find(lease.id);
    if (found == jobs_.end()) return complain("claim: gave job " + lease.id.text() + ", which was never accepted");
    ModelJob& job = found->second;
    check_lease(claim, job, lease, now);
    last_epoch_ = std::max(last_epoch_, lease.epoch);
    job.phase = Phase::running;
    job.epoch = lease.epoch;
    job.worker_id = claim.request.worker_id;
    job.deadline = now + job.timeout;
    job.lease_until = std::min<TimePoint>(now + options_.lease, job.deadline);
    ++job.claims;
    start_running(job);
    touched_.insert(job.id);
    claim.taken.push_back(&job);
}

void Model::check_lease(const Claim& claim, const ModelJob& job, const Lease& lease, TimePoint now) {
    expect(job.phase == Phase::queued, job, "was claimed, and is not waiting");
    expect(job.ready_from <= now, job, "was claimed before its time");
    expect(is_wanted(job, claim.request), job, "was claimed, and its type was not asked for");
    expect(lease.epoch > last_epoch_, job, "was claimed with an epoch that is not a new one");
    expect(has_room(job), job, "was claimed beyond a limit");
    expect(!claim.holds_suspect, job, "was claimed by a worker that must run its suspect alone");
    expect(claim.taken.empty() || claim.taken.back()->place() < job.place(), job, "was claimed out of order");
    const bool is_alone = !claim.holds_any && claim.taken.empty();
    expect(!job.is_suspect() || is_alone, job, "is a suspect, and was claimed by a worker with other jobs");
    expect(!claim.has_suspect(), job, "was claimed together with a suspect");
    const TimePoint deadline = now + job.timeout;
    expect(lease.deadline == deadline, job, "its deadline is not its time limit from now");
    expect(lease.lease_until == std::min<TimePoint>(now + options_.lease, deadline), job,
           "its lease has another length");
    expect(lease.attempt == static_cast<int>(job.claims) + 1, job, "counts its attempts wrongly");
    expect(lease.retry_count == job.retries, job, "counts its retries wrongly");
    expect(lease.worker_id == claim.request.worker_id, job, "its lease names another worker");
}

bool Model::is_left_rightly(const Claim& claim, const ModelJob& job) const {
    const bool is_full = claim.taken.size() >= static_cast<std::size_t>(claim.request.limit);
    const bool is_behind = claim.taken.empty() || claim.taken.back()->place() < job.place();
    if (has_room(job)) {
        return is_behind && (is_full || claim.meets_suspect || claim.holds_suspect || claim.has_suspect());
    }
    // The last room must not have gone to one behind it.
    return std::none_of(claim.taken.begin(), claim.taken.end(), [&](const ModelJob* taken) {
        return job.place() < taken->place() && taken->project_id == job.project_id && taken->job_type == job.job_type;
    });
}

void Model::check_left(const Claim& claim, TimePoint now) {
    if (is_paused_ || claim.request.limit == 0) return;
    for (const auto& [id, queued] : unfinished_) {
        const ModelJob& job = *queued;
        if (job.phase != Phase::queued || job.ready_by > now || job.is_suspect()) continue;
        if (!is_wanted(job, claim.request)) continue;
        expect(is_left_rightly(claim, job), job, "was ready and passed over");
        if (!has_room(job)) continue;
        for (const ModelJob* taken : claim.taken) {
            expect(taken->arrived_at <= from_ms(job.score) + ahead_max, job, "waits behind one that came too late");
        }
    }
}

}  // namespace archaeologist::sim
