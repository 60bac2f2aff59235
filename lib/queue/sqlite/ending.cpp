#include "queue/sqlite/ending.hpp"

#include "catalog/catalog.hpp"
#include "catalog/completion.hpp"
#include "catalog/jobs.hpp"
#include "sql/queue_sqlite_count_children.hpp"
#include "sql/queue_sqlite_get_running.hpp"
#include "sql/queue_sqlite_insert_attempt.hpp"
#include "sql/queue_sqlite_move.hpp"
#include "sql/queue_sqlite_note_child.hpp"
#include "sql/queue_sqlite_set_result.hpp"
#include "sql/queue_sqlite_start_children.hpp"
#include "sql/queue_sqlite_trim_attempts.hpp"
#include "sql/queue_sqlite_unfinished_child.hpp"
#include "sql/queue_sqlite_unfinished_children.hpp"

namespace archaeologist::sqlite_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;

catalog::EndedJob ended(const Row& row) { return {row.id, row.job_type, row.project_id, row.source_id}; }

Status add_event(Connection& tx, std::string_view kind, const Row& row, TimePoint now) {
    return catalog::add_event(tx, {kind, row.id, row.project_id, row.source_id}, now);
}

// The try that ended a job as its outcome says is told by the job's own row.
bool is_told_by_row(const Decision& decision) { return decision.attempt_outcome == to_string(decision.state); }

Status end_attempt(Connection& tx, const Row& row, std::string_view outcome, std::string_view error, TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_insert_attempt)
                    .bind(":job_id", row.id)
                    .bind(":epoch", row.epoch)
                    .bind(":worker_id", row.worker_id)
                    .bind(":started_at_ms", row.started_at)
                    .bind(":ended_at_ms", now)
                    .bind(":outcome", outcome)
                    .bind(":error_message", error)
                    .run());
    constexpr auto kept = static_cast<std::int64_t>(QueueLimits::attempts_kept_max);
    if (row.claims <= kept) return {};
    return Query(tx, sql::queue_sqlite_trim_attempts).bind(":job_id", row.id).bind(":kept", kept).run();
}

Status set_result(Connection& tx, JobId id, std::string_view result_data, std::string_view error_message) {
    return Query(tx, sql::queue_sqlite_set_result)
        .bind(":job_id", id)
        .bind(":result_data", result_data)
        .bind(":error_message", error_message)
        .run();
}

Status move_to_end(Connection& tx, const Row& row, State state, TimePoint now) {
    return Query(tx, sql::queue_sqlite_move)
        .bind(":id", row.id)
        .bind(":state", to_string(state))
        .bind(":completed_at_ms", now)
        .run();
}

Result<ChildCounts> count_children(Connection& tx, JobId parent) {
    ChildCounts counts;
    Query query(tx, sql::queue_sqlite_count_children);
    query.bind(":parent_id", parent);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return counts;
        const auto state = parse_state(query.text(0)).value_or(State::failed);
        const std::int64_t jobs = query.integer(1);
        counts.children += jobs;
        if (state == State::completed) counts.completed += jobs;
        if (state == State::failed) counts.failed += jobs;
        if (state == State::cancelled) counts.cancelled += jobs;
    }
}

Result<bool> has_unfinished_child(Connection& tx, JobId parent) {
    Query query(tx, sql::queue_sqlite_unfinished_child);
    query.bind(":parent_id", parent);
    return query.step();
}

Status note_child(Connection& tx, JobId parent, std::int64_t added, std::int64_t ended) {
    return Query(tx, sql::queue_sqlite_note_child)
        .bind(":id", parent)
        .bind(":added", added)
        .bind(":ended", ended)
        .run();
}

// Ends a waiting batch without unfinished children.
Status finish_if_done(Connection& tx, std::optional<JobId> id, TimePoint now);

// Tells the batch of a job that ended, and ends it when this was its last child.
Status tell_parent(Connection& tx, std::optional<JobId> parent_id, TimePoint now) {
    if (!parent_id) return {};
    ARCHAEO_TRY(note_child(tx, *parent_id, 0, 1));
    return finish_if_done(tx, parent_id, now);
}

Status finish_if_done(Connection& tx, std::optional<JobId> id, TimePoint now) {
    ARCHAEO_ASSIGN(const auto batch, find_row(tx, *id));
    if (!batch || !next(batch->state, JobEvent::last_child_finished)) return {};
    ARCHAEO_ASSIGN(const bool unfinished, has_unfinished_child(tx, batch->id));
    if (unfinished) return {};
    ARCHAEO_ASSIGN(const ChildCounts counts, count_children(tx, batch->id));
    ARCHAEO_TRY(set_result(tx, batch->id, to_json(counts), ""));
    ARCHAEO_TRY(move_to_end(tx, *batch, State::completed, now));
    ARCHAEO_TRY(add_event(tx, "job.completed", *batch, now));
    return tell_parent(tx, batch->parent_id, now);
}

Status put_back(Connection& tx, const Row& row, const Decision& decision, TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_move)
                    .bind(":id", row.id)
                    .bind(":state", to_string(decision.state))
                    .bind(":run_at_ms", decision.run_at)
                    .bind(":retry_count", decision.retry_count)
                    .bind(":crash_count", decision.crash_count)
                    .bind(":queued_at_ms", now)
                    .run());
    if (!decision.error_message.empty()) ARCHAEO_TRY(set_result(tx, row.id, "", decision.error_message));
    return add_event(tx, "job.queued", row, now);
}

Status complete(Connection& tx, const Row& row, const Completed& completed, TimePoint now) {
    ARCHAEO_ASSIGN(const auto result, catalog::record_completion(tx, ended(row), completed.result_data, now));
    // {} needs no row, unless an earlier try left one.
    if (result != "{}" || row.claims > 1) ARCHAEO_TRY(set_result(tx, row.id, result, ""));
    ARCHAEO_TRY(move_to_end(tx, row, State::completed, now));
    ARCHAEO_TRY(add_event(tx, "job.completed", row, now));
    return tell_parent(tx, row.parent_id, now);
}

Status fail(Connection& tx, const Row& row, std::string_view message, TimePoint now) {
    ARCHAEO_TRY(catalog::record_failure(tx, ended(row), message, now));
    ARCHAEO_TRY(set_result(tx, row.id, "", message));
    ARCHAEO_TRY(move_to_end(tx, row, State::failed, now));
    ARCHAEO_TRY(add_event(tx, "job.failed", row, now));
    return tell_parent(tx, row.parent_id, now);
}

Status expand(Connection& tx, const Row& row, const Expanded& expanded, TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_move).bind(":id", row.id).bind(":state", to_string(State::waiting)).run());
    std::vector<NewJob> children = expanded.children;
    for (NewJob& child : children) {
        if (child.project_id == ProjectId{}) child.project_id = row.project_id;
        child.parent_id = row.id;
    }
    ARCHAEO_TRY(catalog::insert_jobs(tx, children, now));
    ARCHAEO_ASSIGN(const ChildCounts counts, count_children(tx, row.id));
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_start_children)
                    .bind(":id", row.id)
                    .bind(":children", counts.children)
                    .bind(":ended", counts.completed + counts.failed + counts.cancelled)
                    .run());
    return finish_if_done(tx, row.id, now);
}

Status cancel_one(Connection& tx, const Row& row, TimePoint now) {
    ARCHAEO_TRY(catalog::record_failure(tx, ended(row), "cancelled", now));
    ARCHAEO_TRY(move_to_end(tx, row, State::cancelled, now));
    return add_event(tx, "job.cancelled", row, now);
}

Result<std::vector<JobId>> unfinished_children(Connection& tx, JobId parent) {
    std::vector<JobId> ids;
    Query query(tx, sql::queue_sqlite_unfinished_children);
    query.bind(":parent_id", parent);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return ids;
        ids.emplace_back(query.uuid(0));
    }
}

}  // namespace

Result<std::optional<Row>> find_row(Connection& tx, JobId id) {
    Query query(tx, sql::queue_sqlite_get_running);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool found, query.step());
    if (!found) return std::optional<Row>();
    Row row;
    row.id = id;
    row.state = parse_state(query.text(0)).value_or(State::pending);
    row.epoch = static_cast<std::uint64_t>(query.integer(1));
    row.worker_id = query.text(2);
    row.running = {static_cast<int>(query.integer(3)), static_cast<int>(query.integer(4)),
                   static_cast<int>(query.integer(5))};
    row.job_type = query.text(6);
    row.project_id = query.id<ProjectId>(7);
    if (!query.is_null(8)) row.source_id = query.id<SourceId>(8);
    if (const auto parent = query.optional_uuid(9)) row.parent_id = JobId(*parent);
    row.started_at = query.time(10);
    row.lease_until = query.time(11);
    row.deadline = query.time(12);
    row.timeout = std::chrono::milliseconds(query.integer(13));
    row.claims = query.integer(14);
    row.priority = parse_priority(query.text(15)).value_or(Priority::normal);
    row.queue_version = query.integer(16);
    return std::optional(std::move(row));
}

Status apply(Connection& tx, const Row& row, const Decision& decision, const Outcome* outcome, TimePoint now) {
    if (!is_told_by_row(decision)) {
        ARCHAEO_TRY(end_attempt(tx, row, decision.attempt_outcome, decision.error_message, now));
    }
    switch (decision.state) {
        case State::completed: return complete(tx, row, std::get<Completed>(*outcome), now);
        case State::failed: return fail(tx, row, decision.error_message, now);
        case State::waiting: return expand(tx, row, std::get<Expanded>(*outcome), now);
        default: return put_back(tx, row, decision, now);
    }
}

Status cancel(Connection& tx, const Row& top, TimePoint now) {
    std::vector<JobId> doomed{top.id};
    while (!doomed.empty()) {
        const JobId id = doomed.back();
        doomed.pop_back();
        ARCHAEO_ASSIGN(const auto row, find_row(tx, id));
        if (!row || is_finished(row->state)) continue;
        ARCHAEO_TRY(cancel_one(tx, *row, now));
        if (row->parent_id) ARCHAEO_TRY(note_child(tx, *row->parent_id, 0, 1));
        ARCHAEO_ASSIGN(const auto children, unfinished_children(tx, id));
        doomed.insert(doomed.end(), children.begin(), children.end());
    }
    if (!top.parent_id) return {};
    return finish_if_done(tx, top.parent_id, now);
}

namespace {

// Counts jobs that are about to be inserted with their waiting batches.
Status note_new_children(Connection& tx, std::span<const NewJob> jobs) {
    for (const NewJob& job : jobs) {
        if (!job.parent_id) continue;
        ARCHAEO_ASSIGN(const auto known, find_row(tx, job.id));
        if (!known) ARCHAEO_TRY(note_child(tx, *job.parent_id, 1, 0));
    }
    return {};
}

Status check_parents(Connection& tx, std::span<const NewJob> jobs) {
    for (const NewJob& job : jobs) {
        if (!job.parent_id) continue;
        ARCHAEO_ASSIGN(const auto parent, find_row(tx, *job.parent_id));
        if (parent && !is_finished(parent->state)) continue;
        ARCHAEO_ASSIGN(const auto known, find_row(tx, job.id));
        if (known) continue;
        return Error{Code::invalid_argument,
                     "job: parent_id is \"" + job.parent_id->text() + "\", must be an unfinished job"};
    }
    return {};
}

}  // namespace

Result<std::vector<JobId>> insert(Connection& tx, std::span<const NewJob> jobs, TimePoint now) {
    ARCHAEO_TRY(check_parents(tx, jobs));
    ARCHAEO_TRY(note_new_children(tx, jobs));
    return catalog::insert_jobs(tx, jobs, now);
}

Status expire(Connection& tx, const Row& row, Expiry expiry, TimePoint now, const QueueOptions& options, Rng& rng) {
    const auto timeout = std::chrono::duration_cast<std::chrono::seconds>(row.timeout);
    const Decision decision = on_lease_expired(row.running, expiry, row.worker_id, timeout, now, options, rng);
    return apply(tx, row, decision, nullptr, now);
}

}  // namespace archaeologist::sqlite_queue
