// The memory queue's management: once-keys, retries, removal, bulk actions, settings, periodic jobs, retention.
#include <algorithm>

#include "job/cron.hpp"
#include "job/retry.hpp"
#include "queue/memory.hpp"

namespace archaeologist {
namespace {

bool is_same(const ConcurrencyLimit& a, const ConcurrencyLimit& b) {
    return a.project_id == b.project_id && a.job_type == b.job_type;
}

bool fits(const Job& job, const JobSelection& selection) {
    if (selection.status && job.status != *selection.status) return false;
    if (selection.project_id && job.project_id != *selection.project_id) return false;
    return selection.job_type.empty() || job.job_type == selection.job_type;
}

}  // namespace

Result<std::vector<JobId>> MemoryQueue::enqueue_once(const IdempotencyKey& key, std::span<const NewJob> jobs) {
    ARCHAEO_TRY(validate(key));
    ARCHAEO_TRY(validate(jobs));
    const std::string print = fingerprint(jobs);
    const MutexLock lock(mutex_);
    const TimePoint now = clock_.now();
    std::erase_if(once_, [&](const auto& one) { return one.second.forgotten_at <= now; });
    const auto name = std::tuple(key.user_id, key.route, key.key);
    if (const auto known = once_.find(name); known != once_.end()) {
        if (known->second.fingerprint != print) return key_of_other_jobs(key);
        return known->second.ids;
    }
    ARCHAEO_TRY(check_parents(jobs));
    Once once{.fingerprint = print, .ids = {}, .forgotten_at = now + QueueLimits::key_kept};
    for (const NewJob& job : jobs) once.ids.push_back(insert(job));
    changed_.notify_all();
    return once_.emplace(name, std::move(once)).first->second.ids;
}

Result<JobId> MemoryQueue::retry(JobId id) {
    const MutexLock lock(mutex_);
    auto made = retry_one(id);
    changed_.notify_all();
    return made;
}

Result<JobId> MemoryQueue::retry_one(JobId id) {
    const auto found = records_.find(id);
    if (found == records_.end()) return no_such_job(id);
    if (!is_finished(found->second.state)) return not_finished(id, found->second.state);
    found->second.has_retry = true;
    return insert(again(found->second.job));
}

Status MemoryQueue::remove(JobId id) {
    const MutexLock lock(mutex_);
    return remove_tree(id);
}

Status MemoryQueue::remove_tree(JobId id) {
    const auto top = records_.find(id);
    if (top == records_.end()) return no_such_job(id);
    if (!is_finished(top->second.state)) return not_finished(id, top->second.state);
    std::vector<JobId> doomed{id};
    for (std::size_t i = 0; i < doomed.size(); ++i) {
        const Record& record = records_.at(doomed[i]);
        if (!is_finished(record.state)) return has_unfinished_children(id);
        for (const JobId child : record.children) {
            if (records_.contains(child)) doomed.push_back(child);
        }
    }
    for (const JobId one : doomed) records_.erase(one);
    return {};
}

Status MemoryQueue::set_priority(JobId id, Priority priority) {
    const MutexLock lock(mutex_);
    Status set = reprioritise(id, priority);
    changed_.notify_all();
    return set;
}

Status MemoryQueue::reprioritise(JobId id, Priority priority) {
    const auto found = records_.find(id);
    if (found == records_.end()) return no_such_job(id);
    Record& record = found->second;
    if (record.state != State::queued && record.state != State::pending) return already_started(id, record.state);
    take_out_of_order(record);
    const HeadStarts& head_starts = settings_.order.head_starts;
    record.score += (head_starts.of(record.job.priority) - head_starts.of(priority)).count();
    record.job.priority = priority;
    put_in_order(record);
    return {};
}

Status MemoryQueue::change(JobId id, BulkAction action, Priority priority) {
    Record& record = records_.at(id);
    switch (action) {
        case BulkAction::cancel:
            if (is_finished(record.state)) return already_finished(id, record.state);
            cancel_tree(record);
            return {};
        case BulkAction::retry: {
            if (record.has_retry) return already_finished(id, record.state);
            const auto made = retry_one(id);
            return made ? Status() : Status(made.error());
        }
        case BulkAction::remove: return remove_tree(id);
        case BulkAction::set_priority: return reprioritise(id, priority);
    }
    return {};
}

Result<BulkReply> MemoryQueue::bulk(const JobSelection& selection, BulkAction action, Priority priority) {
    ARCHAEO_TRY(validate(selection));
    const MutexLock lock(mutex_);
    std::vector<JobId> ids = selection.ids;
    if (ids.empty()) {
        for (const auto& [id, record] : records_) ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    BulkReply reply;
    for (const JobId id : ids) {
        const auto found = records_.find(id);
        // Asked for in vain, or removed or cancelled with its batch.
        if (found == records_.end() || !fits(found->second.job, selection)) continue;
        ++(change(id, action, priority) ? reply.changed : reply.refused);
    }
    changed_.notify_all();
    return reply;
}

Status MemoryQueue::pause() {
    const MutexLock lock(mutex_);
    settings_.paused = true;
    return {};
}

Status MemoryQueue::resume() {
    const MutexLock lock(mutex_);
    settings_.paused = false;
    changed_.notify_all();
    return {};
}

Status MemoryQueue::set_order(const QueueOrder& order) {
    ARCHAEO_TRY(validate(order));
    const MutexLock lock(mutex_);
    const bool is_empty =
        std::all_of(records_.begin(), records_.end(), [](const auto& one) { return is_finished(one.second.state); });
    if (!is_empty) return has_unfinished_jobs();
    settings_.order = order;
    return {};
}

Status MemoryQueue::set_limit(const ConcurrencyLimit& limit) {
    ARCHAEO_TRY(validate(limit));
    const MutexLock lock(mutex_);
    auto& limits = settings_.limits;
    const auto same = std::find_if(limits.begin(), limits.end(), [&](const auto& one) { return is_same(one, limit); });
    if (same == limits.end() && limits.size() >= QueueLimits::limits_max) {
        return too_many("limits", QueueLimits::limits_max);
    }
    if (same == limits.end())
        limits.push_back(limit);
    else
        *same = limit;
    changed_.notify_all();
    return {};
}

Status MemoryQueue::remove_limit(const ConcurrencyLimit& limit) {
    ARCHAEO_TRY(validate({.project_id = limit.project_id, .job_type = limit.job_type, .running_max = 0}));
    const MutexLock lock(mutex_);
    const auto removed = std::erase_if(settings_.limits, [&](const auto& one) { return is_same(one, limit); });
    if (removed == 0) return no_such_limit(limit);
    changed_.notify_all();
    return {};
}

Result<QueueSettings> MemoryQueue::settings() {
    const MutexLock lock(mutex_);
    return settings_;
}

Status MemoryQueue::set_periodic(const PeriodicJob& periodic) {
    ARCHAEO_TRY(validate(periodic));
    ARCHAEO_ASSIGN(const CronSchedule schedule, CronSchedule::parse(periodic.cron));
    const MutexLock lock(mutex_);
    if (!periodic_.contains(periodic.name) && periodic_.size() >= QueueLimits::periodic_max) {
        return too_many("periodic jobs", QueueLimits::periodic_max);
    }
    PeriodicJob kept = periodic;
    kept.next_at = schedule.next_after(clock_.now());
    periodic_.insert_or_assign(periodic.name, std::move(kept));
    changed_.notify_all();
    return {};
}

Status MemoryQueue::remove_periodic(std::string_view name) {
    const MutexLock lock(mutex_);
    const auto found = periodic_.find(name);
    if (found == periodic_.end()) return no_such_periodic(name);
    periodic_.erase(found);
    return {};
}

Result<std::vector<PeriodicJob>> MemoryQueue::periodic() {
    const MutexLock lock(mutex_);
    std::vector<PeriodicJob> all;
    for (const auto& [name, periodic] : periodic_) all.push_back(periodic);
    return all;
}

void MemoryQueue::make_periodic(TimePoint now) {
    for (auto& [name, periodic] : periodic_) {
        if (!periodic.next_at || *periodic.next_at > now) continue;
        insert(periodic.job);
        const auto schedule = CronSchedule::parse(periodic.cron);
        periodic.next_at = schedule ? schedule->next_after(now) : std::nullopt;
    }
}

Status MemoryQueue::join(std::string_view worker_id) {
    ARCHAEO_TRY(validate_worker_id(worker_id));
    const MutexLock lock(mutex_);
    if (!workers_.emplace(worker_id, clock_.now()).second) return worker_id_in_use(worker_id);
    return {};
}

void MemoryQueue::leave(std::string_view worker_id) {
    const MutexLock lock(mutex_);
    if (const auto found = workers_.find(worker_id); found != workers_.end()) workers_.erase(found);
}

Result<std::vector<WorkerRecord>> MemoryQueue::workers() {
    const MutexLock lock(mutex_);
    std::map<std::string, std::int64_t, std::less<>> running;
    for (const auto& [id, record] : records_) {
        if (record.state == State::running) ++running[record.job.worker_id];
    }
    std::vector<WorkerRecord> all;
    for (const auto& [worker_id, joined_at] : workers_) all.push_back({worker_id, joined_at, running[worker_id]});
    return all;
}

bool MemoryQueue::is_past_retention(const Record& record, TimePoint now) const {
    const auto kept = kept_for(options_.retention, record.state);
    return kept && record.job.completed_at && *record.job.completed_at + *kept <= now;
}

Result<std::int64_t> MemoryQueue::sweep() {
    const MutexLock lock(mutex_);
    const TimePoint now = clock_.now();
    std::vector<JobId> over;
    for (const auto& [id, record] : records_) {
        // A batch goes with its children, and they with it.
        const bool is_top = !record.job.parent_id || !records_.contains(*record.job.parent_id);
        if (is_top && is_past_retention(record, now)) over.push_back(id);
    }
    const auto before = records_.size();
    for (const JobId id : over) {
        const Status removed = remove_tree(id);
        if (!removed && removed.error().code != Code::conflict) return removed.error();
    }
    return static_cast<std::int64_t>(before - records_.size());
}

}  // namespace archaeologist
