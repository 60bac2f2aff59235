#include "catalog/jobs.hpp"

#include "catalog/catalog.hpp"
#include "job/place.hpp"
#include "sql/catalog_count_jobs.hpp"
#include "sql/catalog_get_attempts.hpp"
#include "sql/catalog_get_fairness.hpp"
#include "sql/catalog_get_job.hpp"
#include "sql/catalog_insert_job.hpp"
#include "sql/catalog_insert_payload.hpp"
#include "sql/catalog_job_counts.hpp"
#include "sql/catalog_list_jobs.hpp"
#include "sql/catalog_set_fairness.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

Result<std::int64_t> fairness(Connection& tx, ProjectId project) {
    Query query(tx, sql::catalog_get_fairness);
    query.bind(":project_id", project);
    ARCHAEO_ASSIGN(const bool row, query.step());
    return row ? query.integer(0) : 0;
}

Result<bool> insert_row(Connection& tx, const NewJob& job, std::int64_t score, TimePoint now) {
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
        .bind(":score", score)
        .bind(":run_at_ms", later ? job.scheduled_at : std::nullopt)
        .bind(":max_retries", job.max_retries)
        .bind(":timeout_ms", std::chrono::milliseconds(job.timeout).count())
        .bind(":now_ms", now)
        .bind(":scheduled_at_ms", job.scheduled_at);
    return query.step();
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

Status insert_job(Connection& tx, const NewJob& job, TimePoint now) {
    ARCHAEO_ASSIGN(const std::int64_t fair_ms, fairness(tx, job.project_id));
    const Place place = archaeologist::place(arrival_of(job, now), fair_ms, job.priority);
    ARCHAEO_ASSIGN(const bool inserted, insert_row(tx, job, place.score, now));
    if (!inserted) return {};
    ARCHAEO_TRY(
        Query(tx, sql::catalog_set_fairness).bind(":project_id", job.project_id).bind(":fair_ms", place.fair_ms).run());
    ARCHAEO_TRY(Query(tx, sql::catalog_insert_payload).bind(":job_id", job.id).bind(":job_data", job.job_data).run());
    return add_event(tx, {"job.queued", job.id, job.project_id, job.source_id}, now);
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

}  // namespace archaeologist::catalog
