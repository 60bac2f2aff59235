#include "queue/sqlite/managing.hpp"

#include <algorithm>
#include <functional>

#include "catalog/jobs.hpp"
#include "queue/requests.hpp"
#include "queue/settle.hpp"
#include "queue/sqlite/ending.hpp"
#include "queue/sqlite/settings.hpp"
#include "sql/queue_sqlite_children.hpp"
#include "sql/queue_sqlite_has_retry.hpp"
#include "sql/queue_sqlite_last_job.hpp"
#include "sql/queue_sqlite_remove_attempts.hpp"
#include "sql/queue_sqlite_remove_jobs.hpp"
#include "sql/queue_sqlite_remove_payloads.hpp"
#include "sql/queue_sqlite_remove_results.hpp"
#include "sql/queue_sqlite_select_jobs.hpp"
#include "sql/queue_sqlite_set_priority.hpp"
#include "sql/queue_sqlite_sweep_page.hpp"
#include "sql/queue_sqlite_unreserve.hpp"

namespace archaeologist::sqlite_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;

Result<Row> row_of(Connection& tx, JobId id) {
    ARCHAEO_ASSIGN(auto row, find_row(tx, id));
    if (!row) return no_such_job(id);
    return std::move(*row);
}

Status remove_rows(Connection& tx, JobId id) {
    for (const char* statement : {sql::queue_sqlite_remove_jobs, sql::queue_sqlite_remove_payloads,
                                  sql::queue_sqlite_remove_results, sql::queue_sqlite_remove_attempts}) {
        ARCHAEO_TRY(Query(tx, statement).bind(":id", id).run());
    }
    return Query(tx, sql::queue_sqlite_unreserve).bind(":job_id", id).run();
}

Status add_children(Connection& tx, JobId parent, std::vector<JobId>& ids) {
    Query query(tx, sql::queue_sqlite_children);
    query.bind(":parent_id", parent);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return {};
        ids.emplace_back(query.uuid(0));
    }
}

Result<bool> was_retried(Connection& tx, JobId id) {
    Query query(tx, sql::queue_sqlite_has_retry);
    query.bind(":id", id);
    return query.step();
}

bool fits(const Row& row, const JobSelection& selection) {
    if (selection.status && visible(row.state) != *selection.status) return false;
    if (selection.project_id && row.project_id != *selection.project_id) return false;
    return selection.job_type.empty() || row.job_type == selection.job_type;
}

// Whether it and what hangs on it is finished.
Result<bool> remove_if_allowed(Connection& tx, JobId id) {
    const auto removed = remove(tx, id);
    if (removed) return true;
    if (removed.error().code == Code::conflict) return false;
    return removed.error();
}

// Whether the state allowed it.
Result<bool> change_one(Connection& tx, const Row& row, BulkAction action, Priority priority, TimePoint now) {
    const bool finished = is_finished(row.state);
    switch (action) {
        case BulkAction::cancel:
            if (finished) return false;
            ARCHAEO_TRY(cancel(tx, row, now));
            return true;
        case BulkAction::retry: {
            ARCHAEO_ASSIGN(const bool retried, was_retried(tx, row.id));
            if (!finished || retried) return false;
            ARCHAEO_TRY(retry(tx, row.id, now));
            return true;
        }
        case BulkAction::remove: return remove_if_allowed(tx, row.id);
        case BulkAction::set_priority:
            if (row.state != State::queued && row.state != State::pending) return false;
            ARCHAEO_TRY(set_priority(tx, row.id, priority));
            return true;
    }
    return false;
}

}  // namespace

Result<JobId> retry(Connection& tx, JobId id, TimePoint now) {
    ARCHAEO_ASSIGN(const Row row, row_of(tx, id));
    if (!is_finished(row.state)) return not_finished(id, row.state);
    ARCHAEO_ASSIGN(const Job job, catalog::job(tx, id));
    return catalog::retry_job(tx, job, now);
}

Result<std::int64_t> remove(Connection& tx, JobId id) {
    ARCHAEO_ASSIGN(const Row row, row_of(tx, id));
    if (!is_finished(row.state)) return not_finished(id, row.state);
    std::vector<JobId> doomed{id};
    for (std::size_t i = 0; i < doomed.size(); ++i) {
        ARCHAEO_ASSIGN(const Row one, row_of(tx, doomed[i]));
        if (!is_finished(one.state)) return has_unfinished_children(id);
        ARCHAEO_TRY(add_children(tx, one.id, doomed));
    }
    for (const JobId one : doomed) ARCHAEO_TRY(remove_rows(tx, one));
    return static_cast<std::int64_t>(doomed.size());
}

Status set_priority(Connection& tx, JobId id, Priority priority) {
    ARCHAEO_ASSIGN(const Row row, row_of(tx, id));
    if (row.state != State::queued && row.state != State::pending) return already_started(id, row.state);
    ARCHAEO_ASSIGN(const QueueSettings now, settings(tx));
    const HeadStarts& head_starts = now.order.head_starts;
    return Query(tx, sql::queue_sqlite_set_priority)
        .bind(":id", id)
        .bind(":priority", to_string(priority))
        .bind(":score_change", (head_starts.of(row.priority) - head_starts.of(priority)).count())
        .run();
}

Pages::Pages(const JobSelection& selection) : selection_(selection), ids_(selection.ids) {
    std::sort(ids_.begin(), ids_.end(), std::greater<>());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
}

Status Pages::find_last(Connection& tx) {
    if (last_) return {};
    Query query(tx, sql::queue_sqlite_last_job);
    ARCHAEO_TRY(query.step());
    last_ = JobId(query.optional_uuid(0).value_or(Uuid()));
    return {};
}

Result<std::vector<JobId>> Pages::next(Connection& tx, std::size_t limit) {
    std::vector<JobId> page;
    if (!selection_.ids.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(limit, ids_.size()));
        page.assign(ids_.rbegin(), ids_.rbegin() + count);
        ids_.erase(ids_.end() - count, ids_.end());
        return page;
    }
    ARCHAEO_TRY(find_last(tx));
    Query query(tx, sql::queue_sqlite_select_jobs);
    query.bind(":after", after_)
        .bind(":last", *last_)
        .bind(":status", selection_.status ? std::optional(to_string(*selection_.status)) : std::nullopt)
        .bind(":job_type", selection_.job_type.empty() ? std::nullopt : std::optional(selection_.job_type))
        .bind(":project_id", selection_.project_id)
        .bind(":limit", limit);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return page;
        after_ = JobId(query.uuid(0));
        page.push_back(after_);
    }
}

Result<BulkReply> change(Connection& tx, const std::vector<JobId>& ids, const JobSelection& selection,
                         BulkAction action, Priority priority, TimePoint now) {
    BulkReply reply;
    for (const JobId id : ids) {
        ARCHAEO_ASSIGN(const auto row, find_row(tx, id));
        if (!row || !fits(*row, selection)) continue;
        ARCHAEO_ASSIGN(const bool changed, change_one(tx, *row, action, priority, now));
        ++(changed ? reply.changed : reply.refused);
    }
    return reply;
}

Result<SweepPage> sweep_page(Connection& tx, JobId after, const Retention& retention, TimePoint now) {
    SweepPage page;
    Query query(tx, sql::queue_sqlite_sweep_page);
    query.bind(":after", after).bind(":limit", QueueLimits::sweep_jobs_max);
    std::int64_t rows = 0;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) break;
        ++rows;
        page.last = JobId(query.uuid(0));
        const auto kept = kept_for(retention, parse_state(query.text(1)).value_or(State::pending));
        const bool is_child = query.integer(3) != 0;
        if (kept && !is_child && !query.is_null(2) && query.time(2) + *kept <= now) page.over.push_back(page.last);
    }
    if (rows < QueueLimits::sweep_jobs_max) page.last = JobId();
    return page;
}

}  // namespace archaeologist::sqlite_queue
