#include "sim/model.hpp"

#include <algorithm>
#include <array>

namespace archaeologist::sim {
namespace {

using namespace std::chrono_literals;

std::string_view name_of(Phase phase) {
    constexpr std::array<std::string_view, 6> names{"queued", "running", "running", "completed", "failed", "cancelled"};
    return names.at(static_cast<std::size_t>(phase));
}

std::int64_t head_start_ms(Priority priority) {
    switch (priority) {
        case Priority::urgent: return 86'400'000;
        case Priority::high: return 3'600'000;
        case Priority::normal: return 0;
        case Priority::low: return -3'600'000;
    }
    return 0;
}

}  // namespace

void Model::complain(const std::string& what) {
    if (complaint_.empty()) complaint_ = what;
}

std::string Model::described(const ModelJob& job) {
    return "job " + job.id.text() + " (" + std::string(name_of(job.phase)) + ", epoch " + std::to_string(job.epoch) +
           ", crashes " + std::to_string(job.crashes) + ", score " + std::to_string(job.score) + ", ready from " +
           std::to_string(to_ms(job.ready_from)) + " or by " + std::to_string(to_ms(job.ready_by)) + ")";
}

void Model::expect(bool holds, const ModelJob& job, std::string_view what) {
    if (!holds) complain(described(job) + ": " + std::string(what));
}

void Model::start_running(ModelJob& job) {
    if (!running_.emplace(job.id, &job).second) return;
    ++running_by_project_[job.project_id];
    ++running_by_type_[job.job_type];
}

bool Model::stop_running(ModelJob& job) {
    if (running_.erase(job.id) == 0) return false;
    --running_by_project_[job.project_id];
    --running_by_type_[job.job_type];
    return true;
}

const ModelJob* Model::find(JobId id) const {
    const auto found = jobs_.find(id);
    return found == jobs_.end() ? nullptr : &found->second;
}

std::size_t Model::count_scheduled() const {
    return static_cast<std::size_t>(std::count_if(unfinished_.begin(), unfinished_.end(), [](const auto& one) {
        const ModelJob& job = *one.second;
        return job.phase == Phase::queued && job.ready_by > TimePoint::min();
    }));
}

std::size_t Model::count_running() const { return running_.size(); }

void Model::enqueued(std::span<const NewJob> jobs, const Result<std::vector<JobId>>& reply, TimePoint now) {
    const bool is_refused = std::any_of(jobs.begin(), jobs.end(), [&](const NewJob& job) {
        if (!job.parent_id || jobs_.contains(job.id)) return false;
        const ModelJob* parent = find(*job.parent_id);
        return parent == nullptr || is_over(parent->phase);
    });
    if (reply.has_value() == is_refused) complain("enqueue: a batch that is over must refuse, any other accept");
    if (!reply) return;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (reply->at(i) != jobs[i].id) complain("enqueue: gave another id");
        if (!jobs_.contains(jobs[i].id)) insert(jobs[i], now);
        touched_.insert(jobs[i].id);
    }
}

ModelJob& Model::insert(const NewJob& wanted, TimePoint now) {
    ModelJob job;
    job.id = wanted.id;
    job.job_type = wanted.job_type;
    job.project_id = wanted.project_id;
    job.priority = wanted.priority;
    job.max_retries = wanted.max_retries;
    job.timeout = wanted.timeout;
    job.parent_id = wanted.parent_id;
    job.retry_of = wanted.retry_of;
    job.arrived_at = std::max(now, wanted.scheduled_at.value_or(now));
    job.ready_from = job.ready_by = job.arrived_at > now ? job.arrived_at : TimePoint::min();
    std::int64_t& fair_ms = fair_ms_[job.project_id];
    job.score = std::max(to_ms(job.arrived_at), fair_ms) - head_start_ms(job.priority);
    fair_ms = std::max(to_ms(now), fair_ms) + 20;
    if (job.parent_id) jobs_.at(*job.parent_id).children.push_back(job.id);
    touched_.insert(job.id);
    ModelJob& kept = jobs_.emplace(job.id, std::move(job)).first->second;
    unfinished_.emplace(kept.id, &kept);
    return kept;
}

void Model::finish(ModelJob& job, Phase phase, std::string_view how) {
    job.phase = phase;
    if (stop_running(job)) job.last_end = how;
    unfinished_.erase(job.id);
    finished_.push_back(job.id);
    touched_.insert(job.id);
    finish_if_done(job.parent_id);
}

void Model::finish_if_done(std::optional<JobId> batch) {
    const auto found = batch ? jobs_.find(*batch) : jobs_.end();
    if (found == jobs_.end()) return;
    ModelJob& parent = found->second;
    touched_.insert(parent.id);
    if (parent.phase != Phase::waiting) return;
    const auto& children = parent.children;
    if (std::any_of(children.begin(), children.end(), [&](JobId id) { return unfinished_.contains(id); })) return;
    finish(parent, Phase::completed, "");
}

void Model::put_back(ModelJob& job, TimePoint from, TimePoint by, std::string_view how) {
    job.phase = Phase::queued;
    job.ready_from = from;
    job.ready_by = by;
    job.last_end = how;
    stop_running(job);
    touched_.insert(job.id);
}

void Model::fail_or_retry(ModelJob& job, TimePoint now, std::string_view how_retried, std::string_view how_failed) {
    if (job.retries >= job.max_retries) return finish(job, Phase::failed, how_failed);
    const auto ceiling = std::min<std::chrono::milliseconds>(
        options_.backoff_cap, options_.backoff_base * (std::int64_t{1} << std::min(job.retries, 20)));
    ++job.retries;
    put_back(job, now, now + ceiling, how_retried);
}

void Model::settled(const Settlement& settlement, const Status& reply, TimePoint now) {
    const auto found = jobs_.find(settlement.id);
    if (found == jobs_.end()) {
        if (reply || reply.error().code != Code::not_found) complain("settle: a forgotten job must not be found");
        return;
    }
    ModelJob& job = found->second;
    touched_.insert(job.id);
    const bool is_holder =
        job.phase == Phase::running && job.epoch == settlement.epoch && job.worker_id == settlement.worker_id;
    if (reply) {
        expect(is_holder, job,
               "a settlement of epoch " + std::to_string(settlement.epoch) + " by " + settlement.worker_id +
                   " was taken, whose lease is over");
        if (is_holder) apply(job, settlement.outcome, now);
        return;
    }
    expect(!is_holder, job, "the holder's settlement was refused: " + reply.error().message);
    expect(reply.error().code == Code::lease_lost, job, "a stale settlement must be told lease_lost");
}

void Model::apply(ModelJob& job, const Outcome& outcome, TimePoint now) {
    if (std::holds_alternative<Completed>(outcome)) return finish(job, Phase::completed, "completed");
    if (const auto* failed = std::get_if<Failed>(&outcome)) {
        if (failed->permanent) return finish(job, Phase::failed, "failed");
        return fail_or_retry(job, now, "retried", "failed");
    }
    if (std::holds_alternative<Released>(outcome)) return put_back(job, TimePoint::min(), TimePoint::min(), "released");
    if (const auto* delayed = std::get_if<Delayed>(&outcome)) {
        const TimePoint at = now + std::clamp<std::chrono::milliseconds>(delayed->wait, 0ms, 1h);
        return put_back(job, at, at, "delayed");
    }
    expand(job, std::get<Expanded>(outcome), now);
}

void Model::expand(ModelJob& job, const Expanded& expanded, TimePoint now) {
    job.phase = Phase::waiting;
    job.last_end = "expanded";
    stop_running(job);
    for (NewJob child : expanded.children) {
        child.parent_id = job.id;
        if (!jobs_.contains(child.id)) insert(child, now);
    }
    finish_if_done(job.id);
}

// Leases end when somebody claims, not before: until then their holder may still renew or settle.
void Model::expire(TimePoint now) {
    std::vector<ModelJob*> over;
    for (const auto& [id, job] : running_) {
        if (job->lease_until <= now) over.push_back(job);
    }
    for (ModelJob* const ended : over) {
        ModelJob& job = *ended;
        if (job.lease_until >= job.deadline) {
            fail_or_retry(job, now, "timed_out", "timed_out");
        } else if (++job.crashes >= 3) {
            finish(job, Phase::failed, "lease_expired");
        } else {
            put_back(job, TimePoint::min(), TimePoint::min(), "lease_expired");
        }
    }
}

void Model::beaten(std::string_view worker_id, std::span<const Beat> beats, const HeartbeatReply& reply,
                   TimePoint now) {
    const auto has = [](const std::vector<JobId>& ids, JobId id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    for (const Beat& beat : beats) {
        const bool is_lost = has(reply.lost, beat.id);
        const bool is_cancelled = has(reply.cancelled, beat.id);
        const auto found = jobs_.find(beat.id);
        if (found == jobs_.end()) {
            if (!is_lost) complain("heartbeat: a forgotten job must be lost");
            continue;
        }
        ModelJob& job = found->second;
        touched_.insert(job.id);
        const bool is_own = job.epoch == beat.epoch && job.worker_id == worker_id;
        const bool holds = is_own && job.phase == Phase::running;
        expect(holds == (!is_lost && !is_cancelled), job, "a heartbeat renews the holder's lease and no other's");
        expect(!is_cancelled || (is_own && job.phase == Phase::cancelled), job, "a heartbeat said cancelled");
        expect(!(is_own && job.phase == Phase::cancelled) || is_cancelled, job,
               "a heartbeat must tell the worker that its job was cancelled");
        if (holds) job.lease_until = std::min<TimePoint>(now + options_.lease, job.deadline);
    }
}

void Model::cancelled(JobId id, const Status& reply, TimePoint /*now*/) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) {
        if (reply || reply.error().code != Code::not_found) complain("cancel: a forgotten job must not be found");
        return;
    }
    ModelJob& job = found->second;
    touched_.insert(id);
    const bool was_over = is_over(job.phase);
    expect(reply.has_value() != was_over, job, "cancel must take an unfinished job and refuse a finished one");
    if (reply && !was_over) cancel_tree(job);
}

void Model::cancel_tree(ModelJob& top) {
    std::vector<JobId> doomed{top.id};
    while (!doomed.empty()) {
        const auto found = jobs_.find(doomed.back());
        doomed.pop_back();
        if (found == jobs_.end() || is_over(found->second.phase)) continue;
        ModelJob& job = found->second;
        finish(job, Phase::cancelled, "cancelled");
        doomed.insert(doomed.end(), job.children.begin(), job.children.end());
    }
}

void Model::bulk_cancelled(ProjectId project, std::string_view job_type, const BulkReply& reply, TimePoint /*now*/) {
    std::vector<JobId> found;
    for (const auto& [id, job] : jobs_) {
        if (job.project_id == project && job.job_type == job_type) found.push_back(id);
    }
    BulkReply expected;
    for (const JobId id : found) {
        ModelJob& job = jobs_.at(id);
        ++(is_over(job.phase) ? expected.refused : expected.changed);
        if (!is_over(job.phase)) cancel_tree(job);
    }
    if (reply.changed + reply.refused != expected.changed + expected.refused) complain("bulk: counted other jobs");
    if (reply.changed != expected.changed) complain("bulk: cancelled another number of jobs");
}

void Model::retried(JobId id, const Result<JobId>& reply, TimePoint now) {
    const ModelJob* job = find(id);
    if (job == nullptr) {
        if (reply || reply.error().code != Code::not_found) complain("retry: a forgotten job must not be found");
        return;
    }
    expect(reply.has_value() == is_over(job->phase), *job,
           "retry must take a finished job and refuse an unfinished one");
    if (!reply) return;
    NewJob again;
    again.id = *reply;
    again.job_type = job->job_type;
    again.project_id = job->project_id;
    again.priority = job->priority;
    again.max_retries = job->max_retries;
    again.timeout = std::chrono::duration_cast<std::chrono::seconds>(job->timeout);
    again.retry_of = id;
    if (jobs_.contains(*reply)) return complain("retry: gave the id of a job that is there");
    insert(again, now);
}

bool Model::is_all_over(const ModelJob& job) const {
    return is_over(job.phase) && std::all_of(job.children.begin(), job.children.end(), [&](JobId id) {
               const ModelJob* child = find(id);
               return child == nullptr || is_all_over(*child);
           });
}

void Model::removed(JobId id, const Status& reply) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) {
        if (reply || reply.error().code != Code::not_found) complain("remove: a forgotten job must not be found");
        return;
    }
    expect(reply.has_value() == is_all_over(found->second), found->second,
           "remove must take a finished job with finished children and refuse any other");
    if (reply) forget_tree(id);
}

void Model::forget_tree(JobId id) {
    std::vector<JobId> doomed{id};
    while (!doomed.empty()) {
        const JobId one = doomed.back();
        doomed.pop_back();
        const auto found = jobs_.find(one);
        if (found == jobs_.end()) continue;
        doomed.insert(doomed.end(), found->second.children.begin(), found->second.children.end());
        unfinished_.erase(one);
        touched_.insert(one);
        jobs_.erase(found);
        std::erase(finished_, one);
    }
}

void Model::reprioritised(JobId id, Priority priority, const Status& reply) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) {
        if (reply || reply.error().code != Code::not_found) complain("set_priority: a forgotten job must not be found");
        return;
    }
    ModelJob& job = found->second;
    touched_.insert(id);
    expect(reply.has_value() == (job.phase == Phase::queued), job, "set_priority must take a waiting job and no other");
    if (!reply) return;
    job.score += head_start_ms(job.priority) - head_start_ms(priority);
    job.priority = priority;
}

void Model::limited(const ConcurrencyLimit& limit, std::optional<std::int64_t> running_max) {
    if (limit.project_id) {
        project_limits_.erase(*limit.project_id);
        if (running_max) project_limits_[*limit.project_id] = *running_max;
    } else {
        type_limits_.erase(limit.job_type);
        if (running_max) type_limits_[limit.job_type] = *running_max;
    }
}

void Model::compare(Queue& queue, JobId id) {
    const auto shown = queue.get(id);
    const ModelJob* job = find(id);
    if (job == nullptr) {
        if (shown) complain("job " + id.text() + ": was forgotten and is there");
        return;
    }
    if (!shown) return complain("job " + id.text() + ": was accepted and is lost: " + shown.error().message);
    expect(to_string(shown->status) == name_of(job->phase), *job,
           "the queue shows it as " + std::string(to_string(shown->status)));
    expect(shown->epoch == job->epoch, *job, "the queue shows epoch " + std::to_string(shown->epoch));
    expect(shown->worker_id == job->worker_id, *job, "the queue shows worker " + shown->worker_id);
    expect(shown->retry_count == job->retries, *job,
           "the queue shows " + std::to_string(shown->retry_count) + " retries, not " + std::to_string(job->retries));
    expect(shown->priority == job->priority, *job, "the queue shows another priority");
    expect(shown->retry_of == job->retry_of && shown->parent_id == job->parent_id, *job,
           "the queue shows another parent or origin");
    expect(
        shown->attempts.size() == std::min<std::size_t>(job->claims, 100), *job,
        "the queue shows " + std::to_string(shown->attempts.size()) + " attempts, not " + std::to_string(job->claims));
    if (shown->attempts.empty()) return;
    const Attempt& last = shown->attempts.back();
    const bool runs = job->phase == Phase::running;
    expect(last.epoch == job->epoch, *job, "its last attempt has another epoch");
    expect(last.ended_at.has_value() != runs, *job, "its last attempt must be open while it runs and no longer");
    expect(runs || last.outcome == job->last_end, *job,
           "its last attempt ended as " + last.outcome + ", not " + job->last_end);
}

void Model::compare_all(Queue& queue, TimePoint now) {
    for (const auto& [id, job] : jobs_) compare(queue, id);
    const auto stats = queue.stats();
    if (!stats) return complain("stats: " + stats.error().message);
    QueueStats expected;
    std::int64_t uncertain = 0;
    for (const auto& [id, job] : jobs_) {
        switch (job.phase) {
            case Phase::queued:
                if (job.ready_from <= now && job.ready_by > now) ++uncertain;
                ++(job.ready_by <= now ? expected.queued : expected.scheduled);
                break;
            case Phase::running:
            case Phase::waiting: ++expected.running; break;
            case Phase::completed: ++expected.completed; break;
            case Phase::failed: ++expected.failed; break;
            case Phase::cancelled: ++expected.cancelled; break;
        }
    }
    const bool is_right = stats->queued + stats->scheduled == expected.queued + expected.scheduled &&
                          stats->queued >= expected.queued && stats->queued <= expected.queued + uncertain &&
                          stats->running == expected.running && stats->completed == expected.completed &&
                          stats->failed == expected.failed && stats->cancelled == expected.cancelled &&
                          stats->pending == 0 && stats->paused == is_paused_;
    if (!is_right) complain("stats: " + to_json(*stats) + ", must be like " + to_json(expected));
}

}  // namespace archaeologist::sim
