#include "queue/memory.hpp"

#include <algorithm>

#include "job/place.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

void end_attempt(Job& job, std::string_view outcome, std::string_view error_message, TimePoint now) {
    if (job.attempts.empty() || job.attempts.back().ended_at) return;
    Attempt& attempt = job.attempts.back();
    attempt.ended_at = now;
    attempt.outcome = outcome;
    attempt.error_message = error_message;
}

Job job_of(const NewJob& wanted, TimePoint now) {
    Job job;
    job.id = wanted.id.is_nil() ? JobId(Uuid::v7(now)) : wanted.id;
    job.job_type = wanted.job_type;
    job.status = JobStatus::queued;
    job.priority = wanted.priority;
    job.project_id = wanted.project_id;
    job.user_id = wanted.user_id;
    job.source_id = wanted.source_id;
    job.parent_id = wanted.parent_id;
    job.retry_of = wanted.retry_of;
    job.job_data = wanted.job_data;
    job.created_at = now;
    job.queued_at = now;
    job.scheduled_at = wanted.scheduled_at;
    job.max_retries = wanted.max_retries;
    job.timeout = wanted.timeout;
    return job;
}

}  // namespace

MemoryQueue::MemoryQueue(const QueueOptions& options, const Clock& clock, std::uint64_t seed)
    : options_(options), clock_(clock), rng_(seed) {}

Result<std::vector<JobId>> MemoryQueue::enqueue(std::span<const NewJob> jobs) {
    ARCHAEO_TRY(validate(jobs));
    const MutexLock lock(mutex_);
    ARCHAEO_TRY(check_parents(jobs));
    std::vector<JobId> ids;
    ids.reserve(jobs.size());
    for (const NewJob& job : jobs) ids.push_back(insert(job));
    changed_.notify_all();
    return ids;
}

Status MemoryQueue::check_parents(std::span<const NewJob> jobs) {
    for (const NewJob& job : jobs) {
        if (!job.parent_id || records_.contains(job.id)) continue;
        const auto parent = records_.find(*job.parent_id);
        if (parent != records_.end() && !is_finished(parent->second.state)) continue;
        return Error{Code::invalid_argument,
                     "job: parent_id is \"" + job.parent_id->text() + "\", must be an unfinished job"};
    }
    return {};
}

JobId MemoryQueue::insert(const NewJob& wanted) {
    if (records_.contains(wanted.id)) return wanted.id;
    const TimePoint now = clock_.now();
    Record record;
    record.job = job_of(wanted, now);
    std::int64_t& fair_ms = fair_ms_[wanted.project_id];
    const Place found =
        place(arrival_of(wanted, now), fair_ms, wanted.priority, settings_.order.head_starts, settings_.order.share);
    fair_ms = found.fair_ms;
    record.score = found.score;
    if (wanted.scheduled_at && *wanted.scheduled_at > now) record.run_at = wanted.scheduled_at;
    if (wanted.parent_id) {
        Record& parent = records_.at(*wanted.parent_id);
        parent.children.push_back(record.job.id);
        ++parent.unfinished_children;
        if (parent.state == State::waiting) ++parent.job.progress_total;
    }
    const JobId id = record.job.id;
    put_in_order(records_.emplace(id, std::move(record)).first->second);
    return id;
}

void MemoryQueue::put_in_order(const Record& record) {
    if (record.state == State::running) {
        leases_.emplace(record.lease_until, record.job.id);
    } else if (record.state == State::queued && record.run_at) {
        scheduled_.emplace(*record.run_at, record.job.id);
    } else if (record.state == State::queued) {
        ready_.emplace(record.score, record.job.id);
    }
}

void MemoryQueue::take_out_of_order(const Record& record) {
    leases_.erase({record.lease_until, record.job.id});
    ready_.erase({record.score, record.job.id});
    if (record.run_at) scheduled_.erase({*record.run_at, record.job.id});
}

void MemoryQueue::promote_due(TimePoint now) {
    while (!scheduled_.empty() && scheduled_.begin()->first <= now) {
        Record& record = records_.at(scheduled_.begin()->second);
        take_out_of_order(record);
        record.run_at.reset();
        put_in_order(record);
    }
}

void MemoryQueue::reap_expired(TimePoint now) {
    while (!leases_.empty() && leases_.begin()->first <= now) {
        Record& record = records_.at(leases_.begin()->second);
        const Job& job = record.job;
        apply(record,
              on_lease_expired({job.retry_count, job.max_retries, record.crash_count},
                               expiry_of(record.lease_until, record.deadline), job.worker_id, job.timeout, now,
                               options_, rng_),
              now);
    }
}

Result<std::vector<Lease>> MemoryQueue::claim(const ClaimRequest& request, std::chrono::milliseconds wait) {
    ARCHAEO_TRY(validate(request));
    const auto give_up_at = std::chrono::steady_clock::now() + wait;
    const MutexLock lock(mutex_);
    const std::uint64_t interrupts = interrupts_;
    while (true) {
        std::vector<Lease> leases = claim_ready(request);
        const auto left = give_up_at - std::chrono::steady_clock::now();
        if (!leases.empty() || interrupts != interrupts_ || left <= left.zero()) return leases;
        changed_.wait_for(mutex_, std::min<std::chrono::nanoseconds>(left, till_next_change()));
    }
}

std::chrono::milliseconds MemoryQueue::till_next_change() const {
    TimePoint at = TimePoint::max();
    if (!scheduled_.empty()) at = std::min(at, scheduled_.begin()->first);
    if (!leases_.empty()) at = std::min(at, leases_.begin()->first);
    for (const auto& [name, job] : periodic_) at = std::min(at, job.next_at.value_or(at));
    const std::chrono::milliseconds longest = std::chrono::hours{1};
    if (at == TimePoint::max()) return longest;
    return std::clamp(at - clock_.now(), std::chrono::milliseconds{1}, longest);
}

Picker MemoryQueue::picker(const ClaimRequest& request) const {
    Picker::Held held;
    std::map<ProjectId, std::int64_t> of_project;
    std::map<std::string, std::int64_t> of_type;
    for (const auto& [until, id] : leases_) {
        const Record& record = records_.at(id);
        ++of_project[record.job.project_id];
        ++of_type[record.job.job_type];
        if (record.job.worker_id != request.worker_id) continue;
        ++held.leases;
        held.suspects += is_suspect(record.crash_count) ? 1 : 0;
    }
    Picker picker(settings_.paused ? 0 : request.limit, held);
    for (const ConcurrencyLimit& limit : settings_.limits) {
        if (limit.project_id) {
            picker.set_room(*limit.project_id, limit.running_max - of_project[*limit.project_id]);
        } else {
            picker.set_room(limit.job_type, limit.running_max - of_type[limit.job_type]);
        }
    }
    return picker;
}

Verdict MemoryQueue::judge(Picker& picker, const Record& record, std::string_view worker_id, TimePoint now) const {
    const Job& job = record.job;
    if (!is_suspect(record.crash_count)) return picker.judge(job.project_id, job.job_type);
    Reservation reservation = Reservation::none;
    if (record.reserved_until > now) {
        reservation = record.reserved_for == worker_id ? Reservation::mine : Reservation::others;
    }
    return picker.judge_suspect(job.project_id, job.job_type, reservation);
}

std::vector<Lease> MemoryQueue::claim_ready(const ClaimRequest& request) {
    const TimePoint now = clock_.now();
    make_periodic(now);
    reap_expired(now);
    promote_due(now);
    const auto wanted = [&](const Record& record) {
        const auto& types = request.job_types;
        return types.empty() || std::find(types.begin(), types.end(), record.job.job_type) != types.end();
    };
    std::vector<Lease> leases;
    Picker picker = this->picker(request);
    for (auto at = ready_.begin(); at != ready_.end() && !picker.is_full();) {
        Record& record = records_.at((at++)->second);
        if (!wanted(record)) continue;
        const Verdict verdict = judge(picker, record, request.worker_id, now);
        if (verdict == Verdict::take) leases.push_back(start(record, request.worker_id, now));
        if (verdict == Verdict::reserve) {
            record.reserved_for = request.worker_id;
            record.reserved_until = now + options_.lease;
        }
        if (verdict == Verdict::reserve || verdict == Verdict::stop) break;
    }
    return leases;
}

Lease MemoryQueue::start(Record& record, std::string_view worker_id, TimePoint now) {
    take_out_of_order(record);
    Job& job = record.job;
    record.state = State::running;
    record.deadline = now + job.timeout;
    record.lease_until = lease_end(now, record.deadline, options_);
    put_in_order(record);
    job.status = visible(record.state);
    job.epoch = ++epoch_;
    job.worker_id = worker_id;
    job.started_at = now;
    job.progress_current = 0;
    job.progress_total = 0;
    job.progress_message.clear();
    if (job.attempts.size() >= QueueLimits::attempts_kept_max) job.attempts.erase(job.attempts.begin());
    job.attempts.push_back({.epoch = job.epoch,
                            .worker_id = job.worker_id,
                            .started_at = now,
                            .ended_at = std::nullopt,
                            .outcome = {},
                            .error_message = {}});
    return {.id = job.id,
            .epoch = job.epoch,
            .worker_id = job.worker_id,
            .job_type = job.job_type,
            .project_id = job.project_id,
            .user_id = job.user_id,
            .source_id = job.source_id,
            .priority = job.priority,
            .job_data = job.job_data,
            .retry_count = job.retry_count,
            .attempt = ++record.claims,
            .lease_until = record.lease_until,
            .deadline = record.deadline};
}

Result<FinishClaimReply> MemoryQueue::finish_claim(std::span<const Settlement> settlements,
                                                   const ClaimRequest& request) {
    ARCHAEO_TRY(validate_finish(settlements, request));
    FinishClaimReply reply;
    const MutexLock lock(mutex_);
    for (const Settlement& settlement : settlements) reply.settled.push_back(settle_one(settlement));
    reply.claimed = claim_ready(request);
    changed_.notify_all();
    return reply;
}

Status MemoryQueue::settle(const Settlement& settlement) {
    const MutexLock lock(mutex_);
    Status status = settle_one(settlement);
    changed_.notify_all();
    return status;
}

Status MemoryQueue::settle_one(const Settlement& settlement) {
    ARCHAEO_TRY(validate(settlement));
    const auto found = records_.find(settlement.id);
    if (found == records_.end()) return no_such_job(settlement.id);
    Record& record = found->second;
    Job& job = record.job;
    if (record.state != State::running || job.epoch != settlement.epoch || job.worker_id != settlement.worker_id) {
        return lease_lost(settlement);
    }
    const TimePoint now = clock_.now();
    const Decision decision =
        decide({job.retry_count, job.max_retries, record.crash_count}, settlement.outcome, now, options_, rng_);
    if (const auto* completed = std::get_if<Completed>(&settlement.outcome)) job.result_data = completed->result_data;
    apply(record, decision, now);
    if (const auto* expanded = std::get_if<Expanded>(&settlement.outcome)) expand(record, *expanded);
    return {};
}

void MemoryQueue::apply(Record& record, const Decision& decision, TimePoint now) {
    take_out_of_order(record);
    Job& job = record.job;
    record.state = decision.state;
    record.run_at = decision.run_at;
    record.crash_count = decision.crash_count;
    job.retry_count = decision.retry_count;
    job.error_message = decision.error_message;
    job.status = visible(decision.state);
    end_attempt(job, decision.attempt_outcome, decision.error_message, now);
    if (is_finished(decision.state)) {
        finish(record, decision.state, now);
    } else {
        if (decision.state == State::queued) job.queued_at = now;
        put_in_order(record);
    }
}

void MemoryQueue::expand(Record& parent, const Expanded& expanded) {
    for (NewJob child : expanded.children) {
        child.parent_id = parent.job.id;
        if (child.project_id == ProjectId{}) child.project_id = parent.job.project_id;
        insert(child);
    }
    parent.job.progress_total = static_cast<std::int64_t>(parent.children.size());
    parent.job.progress_current = parent.job.progress_total - parent.unfinished_children;
    if (parent.unfinished_children > 0) return;
    parent.job.result_data = to_json(count_children(parent));
    finish(parent, State::completed, clock_.now());
}

// Ends the job, and every batch above it whose last child it was.
void MemoryQueue::finish(Record& record, State state, TimePoint now) {
    Record* ended = &record;
    while (true) {
        ended->state = state;
        ended->job.status = visible(state);
        ended->job.completed_at = now;
        if (!ended->job.parent_id) return;
        const auto found = records_.find(*ended->job.parent_id);
        if (found == records_.end()) return;  // forgotten
        Record& parent = found->second;
        --parent.unfinished_children;
        if (parent.state != State::waiting) return;
        ++parent.job.progress_current;
        if (parent.unfinished_children > 0) return;
        parent.job.result_data = to_json(count_children(parent));
        state = State::completed;
        ended = &parent;
    }
}

ChildCounts MemoryQueue::count_children(const Record& parent) const {
    ChildCounts counts;
    for (const JobId id : parent.children) {
        const auto child = records_.find(id);
        if (child == records_.end()) continue;  // forgotten
        const State state = child->second.state;
        ++counts.children;
        counts.completed += state == State::completed ? 1 : 0;
        counts.failed += state == State::failed ? 1 : 0;
        counts.cancelled += state == State::cancelled ? 1 : 0;
    }
    return counts;
}

Result<HeartbeatReply> MemoryQueue::heartbeat(std::string_view worker_id, std::span<const Beat> beats) {
    ARCHAEO_TRY(validate_beats(worker_id, beats));
    HeartbeatReply reply;
    const MutexLock lock(mutex_);
    for (const Beat& one : beats) beat(one, worker_id, reply);
    return reply;
}

void MemoryQueue::beat(const Beat& beat, std::string_view worker_id, HeartbeatReply& reply) {
    const auto found = records_.find(beat.id);
    if (found == records_.end() || found->second.job.epoch != beat.epoch || found->second.job.worker_id != worker_id) {
        reply.lost.push_back(beat.id);
        return;
    }
    Record& record = found->second;
    if (record.state == State::cancelled) {
        reply.cancelled.push_back(beat.id);
        return;
    }
    if (record.state != State::running) {
        reply.lost.push_back(beat.id);
        return;
    }
    take_out_of_order(record);
    record.lease_until = lease_end(clock_.now(), record.deadline, options_);
    put_in_order(record);
    record.job.progress_current = beat.progress_current;
    record.job.progress_total = beat.progress_total;
    record.job.progress_message = cut_text(beat.progress_message, QueueLimits::progress_bytes_max);
}

Status MemoryQueue::cancel(JobId id) {
    const MutexLock lock(mutex_);
    const auto found = records_.find(id);
    if (found == records_.end()) return no_such_job(id);
    if (is_finished(found->second.state)) return already_finished(id, found->second.state);
    cancel_tree(found->second);
    changed_.notify_all();
    return {};
}

void MemoryQueue::cancel_tree(Record& top) {
    const TimePoint now = clock_.now();
    std::vector<Record*> doomed{&top};
    while (!doomed.empty()) {
        Record& record = *doomed.back();
        doomed.pop_back();
        if (is_finished(record.state)) continue;
        cancel_one(record, now);
        for (const JobId id : record.children) {
            const auto child = records_.find(id);
            if (child != records_.end()) doomed.push_back(&child->second);
        }
    }
}

void MemoryQueue::cancel_one(Record& record, TimePoint now) {
    take_out_of_order(record);
    end_attempt(record.job, "cancelled", "", now);
    finish(record, State::cancelled, now);
}

Result<Job> MemoryQueue::get(JobId id) {
    const MutexLock lock(mutex_);
    const auto found = records_.find(id);
    if (found == records_.end()) return no_such_job(id);
    return found->second.job;
}

Result<Job> MemoryQueue::wait_for(JobId id, std::chrono::milliseconds wait) {
    const auto give_up_at = std::chrono::steady_clock::now() + wait;
    const MutexLock lock(mutex_);
    const std::uint64_t interrupts = interrupts_;
    while (true) {
        const auto found = records_.find(id);
        if (found == records_.end()) return no_such_job(id);
        const auto left = give_up_at - std::chrono::steady_clock::now();
        if (is_finished(found->second.state) || interrupts != interrupts_ || left <= left.zero()) {
            return found->second.job;
        }
        changed_.wait_for(mutex_, left);
    }
}

Result<QueueStats> MemoryQueue::stats() {
    const MutexLock lock(mutex_);
    const TimePoint now = clock_.now();
    QueueStats stats;
    stats.paused = settings_.paused;
    stats.workers = static_cast<std::int64_t>(workers_.size());
    for (const auto& [id, record] : records_) {
        switch (record.state) {
            case State::pending: ++stats.pending; break;
            case State::running:
            case State::waiting: ++stats.running; break;
            case State::completed: ++stats.completed; break;
            case State::failed: ++stats.failed; break;
            case State::cancelled: ++stats.cancelled; break;
            case State::queued:
                if (record.run_at && *record.run_at > now) {
                    ++stats.scheduled;
                    break;
                }
                ++stats.queued;
                ++stats.by_priority[static_cast<std::size_t>(record.job.priority)];
                const TimePoint since =
                    std::max(record.job.queued_at.value_or(now), record.run_at.value_or(TimePoint{}));
                stats.oldest_queued_seconds =
                    std::max(stats.oldest_queued_seconds, std::chrono::duration<double>(now - since).count());
        }
    }
    return stats;
}

void MemoryQueue::interrupt() {
    const MutexLock lock(mutex_);
    ++interrupts_;
    changed_.notify_all();
}

}  // namespace archaeologist
