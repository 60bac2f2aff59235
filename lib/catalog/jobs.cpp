#include "catalog/jobs.hpp"

#include "catalog/catalog.hpp"
#include "catalog/sources.hpp"
#include "job/place.hpp"
#include "job/retry.hpp"
#include "sql/catalog_count_jobs.hpp"
#include "sql/catalog_get_attempts.hpp"
#include "sql/catalog_get_job.hpp"
#include "sql/catalog_get_place_rules.hpp"
#include "sql/catalog_insert_job.hpp"
#include "sql/catalog_insert_payload.hpp"
#include "sql/catalog_job_counts.hpp"
#include "sql/catalog_job_stats.hpp"
#include "sql/catalog_list_jobs.hpp"
#include "sql/catalog_list_workers.hpp"
#include "sql/catalog_make_lane.hpp"
#include "sql/catalog_set_fairness.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

// What new jobs of one project and type share while they are inserted.
struct PlaceRules {
    HeadStarts head_starts;
    std::chrono::milliseconds share{0};
    std::int64_t fair_ms = 0;
    std::int64_t lane = 0;
};

Result<PlaceRules> place_rules(Connection& tx, const NewJob& job) {
    Query query(tx, sql::catalog_get_place_rules);
    query.bind(":project_id", job.project_id).bind(":job_type", job.job_type);
    ARCHAEO_TRY(query.step());
    using std::chrono::milliseconds;
    PlaceRules rules{.head_starts = {.urgent = milliseconds(query.integer(0)),
                                     .high = milliseconds(query.integer(1)),
                                     .normal = milliseconds(query.integer(2)),
                                     .low = milliseconds(query.integer(3))},
                     .share = milliseconds(query.integer(4)),
                     .fair_ms = query.integer(5),
                     .lane = query.integer(6)};
    if (!query.is_null(6)) return rules;
    Query lane(tx, sql::catalog_make_lane);
    lane.bind(":job_type", job.job_type).bind(":project_id", job.project_id);
    ARCHAEO_TRY(lane.step());
    rules.lane = lane.integer(0);
    ARCHAEO_TRY(lane.run());
    return rules;
}

Result<bool> insert_row(Connection& tx, const NewJob& job, std::int64_t lane, std::int64_t score, TimePoint now) {
    Query query(tx, sql::catalog_insert_job);
    const bool later = job.scheduled_at && *job.scheduled_at > now;
    query.bind(":id", job.id)
        .bind(":job_type", job.job_type)
        .bind(":priority", to_string(job.priority))
        .bind(":project_id", job.project_id)
        .bind(":user_id", job.user_id)
        .bind(":source_id", job.source_id)
        .bind(":parent_id", job.parent_id)
        .bind(":retry_of", job.retry_of)
        .bind(":lane", lane)
        .bind(":score", score)
        .bind(":run_at_ms", later ? job.scheduled_at : std::nullopt)
        .bind(":max_retries", job.max_retries)
        .bind(":timeout_ms", std::chrono::milliseconds(job.timeout).count())
        .bind(":now_ms", now)
        .bind(":scheduled_at_ms", job.scheduled_at);
    ARCHAEO_TRY(query.run());
    return tx.changes() > 0;
}

Status set_fairness(Connection& tx, ProjectId project, std::int64_t fair_ms) {
    return Query(tx, sql::catalog_set_fairness).bind(":project_id", project).bind(":fair_ms", fair_ms).run();
}

// Moves the project's share on when the job is new.
Status insert_one(Connection& tx, const NewJob& job, PlaceRules& rules, TimePoint now) {
    const Place place =
        archaeologist::place(arrival_of(job, now), rules.fair_ms, job.priority, rules.head_starts, rules.share);
    ARCHAEO_ASSIGN(const bool inserted, insert_row(tx, job, rules.lane, place.score, now));
    if (!inserted) return {};
    rules.fair_ms = place.fair_ms;
    ARCHAEO_TRY(Query(tx, sql::catalog_insert_payload).bind(":job_id", job.id).bind(":job_data", job.job_data).run());
    return add_event(tx, {"job.queued", job.id, job.project_id, job.source_id}, now);
}

Result<JobId> retry_file(Connection& tx, const Job& job, TimePoint now) {
    ARCHAEO_ASSIGN(const Source source, catalog::source(tx, *job.source_id));
    NewVersion again = same_again(source);
    again.priority = job.priority;
    again.timeout = job.timeout;
    again.max_retries = job.max_retries;
    again.user_id = job.user_id;
    again.retry_of = job.id;
    ARCHAEO_ASSIGN(const auto accepted, accept(tx, again, now));
    return *accepted.job_id;
}

// The order is that of the view whole_jobs.
Job job_row(const Query& row) {
    Job job;
    job.id = JobId(row.uuid(0));
    job.job_type = row.text(1);
    job.status = visible(parse_state(row.text(2)).value_or(State::pending));
    job.priority = parse_priority(row.text(3)).value_or(Priority::normal);
    job.project_id = row.id<ProjectId>(4);
    job.user_id = row.id<UserId>(5);
    if (!row.is_null(6)) job.source_id = row.id<SourceId>(6);
    if (const auto id = row.optional_uuid(7)) job.parent_id = JobId(*id);
    if (const auto id = row.optional_uuid(8)) job.retry_of = JobId(*id);
    job.job_data = row.text(9);
    job.result_data = row.text(10);
    job.error_message = row.text(11);
    job.created_at = row.time(12);
    job.queued_at = row.optional_time(13);
    job.started_at = row.optional_time(14);
    job.completed_at = row.optional_time(15);
    job.scheduled_at = row.optional_time(16);
    job.progress_current = row.integer(17);
    job.progress_total = row.integer(18);
    job.progress_message = row.text(19);
    job.worker_id = row.text(20);
    job.retry_count = static_cast<int>(row.integer(21));
    job.max_retries = static_cast<int>(row.integer(22));
    job.timeout = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(row.integer(23)));
    job.epoch = static_cast<std::uint64_t>(row.integer(24));
    return job;
}

Result<std::vector<Attempt>> attempts(Connection& tx, JobId id) {
    std::vector<Attempt> all;
    Query query(tx, sql::catalog_get_attempts);
    query.bind(":job_id", id);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.push_back({static_cast<std::uint64_t>(query.integer(0)), std::string(query.text(1)), query.time(2),
                       query.optional_time(3), std::string(query.text(4)), std::string(query.text(5))});
    }
}

void bind_selection(Query& query, const JobSelection& selection) {
    query.bind(":status", selection.status ? std::optional(to_string(*selection.status)) : std::nullopt)
        .bind(":job_type", selection.job_type)
        .bind(":project_id", selection.project_id);
}

}  // namespace

Result<std::vector<JobId>> insert_jobs(Connection& tx, std::span<const NewJob> jobs, TimePoint now) {
    std::vector<JobId> ids;
    ids.reserve(jobs.size());
    const NewJob* before = nullptr;
    PlaceRules rules;
    for (const NewJob& wanted : jobs) {
        const bool is_alike =
            before != nullptr && before->project_id == wanted.project_id && before->job_type == wanted.job_type;
        if (!is_alike) {
            if (before != nullptr) ARCHAEO_TRY(set_fairness(tx, before->project_id, rules.fair_ms));
            ARCHAEO_ASSIGN(rules, place_rules(tx, wanted));
        }
        before = &wanted;
        if (!wanted.id.is_nil()) {
            ARCHAEO_TRY(insert_one(tx, wanted, rules, now));
            ids.push_back(wanted.id);
            continue;
        }
        NewJob named = wanted;
        named.id = JobId(Uuid::v7(now));
        ARCHAEO_TRY(insert_one(tx, named, rules, now));
        ids.push_back(named.id);
    }
    if (before != nullptr) ARCHAEO_TRY(set_fairness(tx, before->project_id, rules.fair_ms));
    return ids;
}

Result<JobId> insert_job(Connection& tx, const NewJob& job, TimePoint now) {
    ARCHAEO_ASSIGN(const auto ids, insert_jobs(tx, {&job, 1}, now));
    return ids.front();
}

Result<JobId> retry_job(Connection& tx, const Job& finished, TimePoint now) {
    if (finished.job_type == file_processing && finished.source_id) return retry_file(tx, finished, now);
    return insert_job(tx, again(finished), now);
}

Result<Job> job(Connection& tx, JobId id) {
    Query query(tx, sql::catalog_get_job);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return Error{Code::not_found, "job " + id.text() + " does not exist"};
    Job found = job_row(query);
    ARCHAEO_ASSIGN(found.attempts, attempts(tx, id));
    return found;
}

Result<std::vector<Job>> list_jobs(Connection& tx, const JobSelection& selection, std::int64_t limit,
                                   std::int64_t offset) {
    std::vector<Job> jobs;
    Query query(tx, sql::catalog_list_jobs);
    bind_selection(query, selection);
    query.bind(":limit", limit).bind(":offset", offset);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return jobs;
        jobs.push_back(job_row(query));
    }
}

Result<std::int64_t> count_jobs(Connection& tx, const JobSelection& selection) {
    Query query(tx, sql::catalog_count_jobs);
    bind_selection(query, selection);
    ARCHAEO_TRY(query.step());
    return query.integer(0);
}

Result<std::map<State, std::int64_t>> job_counts(Connection& tx, std::optional<ProjectId> project) {
    std::map<State, std::int64_t> counts;
    Query query(tx, sql::catalog_job_counts);
    query.bind(":project_id", project);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return counts;
        if (const auto state = parse_state(query.text(0))) counts[*state] = query.integer(1);
    }
}

Result<StateTotals> state_totals(Connection& tx, std::optional<UserId> user) {
    StateTotals totals;
    Query query(tx, sql::catalog_job_stats);
    query.bind(":user_id", user);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return totals;
        totals.jobs[parse_state(query.text(0)).value_or(State::queued)] += query.integer(1);
        totals.run_ms += query.integer(2);
    }
}

Result<std::vector<WorkerRow>> workers(Connection& tx) {
    std::vector<WorkerRow> all;
    Query query(tx, sql::catalog_list_workers);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.push_back({std::string(query.text(0)), query.time(1), query.integer(2)});
    }
}

}  // namespace archaeologist::catalog
