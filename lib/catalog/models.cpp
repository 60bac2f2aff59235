#include "catalog/models.hpp"

#include "catalog/jobs.hpp"
#include "sql/catalog_abandon_next_generations.hpp"
#include "sql/catalog_abandoned_jobs.hpp"
#include "sql/catalog_begin_model_change.hpp"
#include "sql/catalog_changing_projects.hpp"
#include "sql/catalog_fail_next_generation.hpp"
#include "sql/catalog_forget_model.hpp"
#include "sql/catalog_forget_next_generations.hpp"
#include "sql/catalog_get_model.hpp"
#include "sql/catalog_list_models.hpp"
#include "sql/catalog_model_of_setting.hpp"
#include "sql/catalog_next_counts.hpp"
#include "sql/catalog_next_failures.hpp"
#include "sql/catalog_project_models.hpp"
#include "sql/catalog_put_model.hpp"
#include "sql/catalog_put_next_job.hpp"
#include "sql/catalog_record_next_generation.hpp"
#include "sql/catalog_search_models.hpp"
#include "sql/catalog_source_models.hpp"
#include "sql/catalog_sources_without_next.hpp"
#include "sql/catalog_stale_models.hpp"
#include "sql/catalog_switch_generations.hpp"
#include "sql/catalog_switch_project.hpp"
#include "sql/catalog_switch_sources.hpp"
#include "sql/catalog_switch_status.hpp"
#include "sql/catalog_unfinished_file_jobs.hpp"
#include "sql/catalog_want_model.hpp"
#include "sql/catalog_wanted_model.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

KnownModel model_row(const Query& row) {
    return {std::string(row.text(0)), static_cast<std::size_t>(row.integer(1)), std::string(row.text(2)),
            std::string(row.text(3))};
}

Result<std::optional<KnownModel>> first_model(Query& query) {
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return std::optional<KnownModel>();
    return std::optional(model_row(query));
}

// What is not understood is not sent anywhere.
ExternalModels external(const Query& row, int column) {
    return parse_external_models(row.text(column)).value_or(ExternalModels::denied);
}

Result<ProjectModels> models_row(Query& query, std::string_view what, std::int64_t id) {
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return Error{Code::not_found, std::string(what) + " " + std::to_string(id) + " does not exist"};
    ProjectModels models{
        std::string(query.text(0)), static_cast<std::size_t>(query.integer(1)), {}, external(query, 3)};
    if (!query.is_null(2)) models.next = query.text(2);
    return models;
}

Result<std::vector<ProjectId>> ids(Query& query) {
    std::vector<ProjectId> found;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return found;
        found.push_back(query.id<ProjectId>(0));
    }
}

Result<std::vector<JobId>> jobs_of(Connection& tx, const char* statement, ProjectId project) {
    std::vector<JobId> jobs;
    Query query(tx, statement);
    query.bind(":project_id", project);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return jobs;
        jobs.emplace_back(query.uuid(0));
    }
}

Result<std::vector<JobId>> abandon_next(Connection& tx, ProjectId project, TimePoint now) {
    ARCHAEO_ASSIGN(auto jobs, jobs_of(tx, sql::catalog_abandoned_jobs, project));
    ARCHAEO_TRY(
        Query(tx, sql::catalog_abandon_next_generations).bind(":project_id", project).bind(":now_ms", now).run());
    ARCHAEO_TRY(Query(tx, sql::catalog_forget_next_generations).bind(":project_id", project).run());
    return jobs;
}

// Of one project, or of all.
Result<std::vector<JobId>> begin_change(Connection& tx, std::optional<ProjectId> project, TimePoint now) {
    Query query(tx, sql::catalog_begin_model_change);
    ARCHAEO_ASSIGN(const auto concerned, ids(query.bind(":project_id", project)));
    std::vector<JobId> jobs;
    for (const ProjectId one : concerned) {
        ARCHAEO_ASSIGN(const auto abandoned, abandon_next(tx, one, now));
        jobs.insert(jobs.end(), abandoned.begin(), abandoned.end());
    }
    return jobs;
}

Status switch_over(Connection& tx, ProjectId project, TimePoint now) {
    for (const char* statement : {sql::catalog_switch_sources, sql::catalog_switch_status}) {
        ARCHAEO_TRY(Query(tx, statement).bind(":project_id", project).run());
    }
    ARCHAEO_TRY(Query(tx, sql::catalog_switch_generations).bind(":project_id", project).bind(":now_ms", now).run());
    for (const char* statement : {sql::catalog_forget_next_generations, sql::catalog_switch_project}) {
        ARCHAEO_TRY(Query(tx, statement).bind(":project_id", project).run());
    }
    return {};
}

// A source whose active version the next model is to have.
struct Lacking {
    SourceId id{};
    FileTask task;
    UserId user_id{};
};

Result<std::vector<Lacking>> lacking(Connection& tx, ProjectId project, std::string_view model, std::size_t limit) {
    std::vector<Lacking> found;
    Query query(tx, sql::catalog_sources_without_next);
    query.bind(":project_id", project).bind(":limit", limit);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return found;
        Lacking one;
        one.id = query.id<SourceId>(0);
        one.task.filename = query.text(1);
        one.task.version = query.integer(2);
        query.bytes(3).copy(reinterpret_cast<char*>(one.task.content_hash.bytes.data()),
                            one.task.content_hash.bytes.size());
        one.task.size_bytes = static_cast<std::uint64_t>(query.integer(4));
        one.task.for_model = model;
        one.user_id = query.id<UserId>(5);
        found.push_back(std::move(one));
    }
}

Status accept_job(Connection& tx, ProjectId project, const Lacking& source, TimePoint now) {
    NewJob job;
    job.priority = Priority::low;
    job.project_id = project;
    job.user_id = source.user_id;
    job.source_id = source.id;
    job.job_data = to_json(source.task);
    ARCHAEO_ASSIGN(const JobId id, insert_job(tx, job, now));
    return Query(tx, sql::catalog_put_next_job)
        .bind(":source_id", source.id)
        .bind(":project_id", project)
        .bind(":model_id", source.task.for_model)
        .bind(":version", source.task.version)
        .bind(":job_id", id)
        .run();
}

}  // namespace

Result<KnownModel> wanted_model(Connection& tx) {
    Query query(tx, sql::catalog_wanted_model);
    ARCHAEO_ASSIGN(auto found, first_model(query));
    if (!found) return Error{Code::corrupt, "the catalog says no model that is wanted"};
    return *std::move(found);
}

Result<std::optional<KnownModel>> model(Connection& tx, std::string_view id) {
    Query query(tx, sql::catalog_get_model);
    return first_model(query.bind(":model_id", id));
}

Result<std::optional<KnownModel>> model_of_setting(Connection& tx, std::string_view setting) {
    Query query(tx, sql::catalog_model_of_setting);
    return first_model(query.bind(":setting", setting));
}

Result<std::vector<KnownModel>> models(Connection& tx) {
    std::vector<KnownModel> all;
    Query query(tx, sql::catalog_list_models);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.push_back(model_row(query));
    }
}

Result<std::vector<JobId>> want_model(Connection& tx, const KnownModel& model, TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::catalog_put_model)
                    .bind(":model_id", model.id)
                    .bind(":dimension", model.dimension)
                    .bind(":setting", model.setting)
                    .bind(":resolved", model.resolved)
                    .run());
    ARCHAEO_TRY(Query(tx, sql::catalog_want_model).bind(":model_id", model.id).run());
    return begin_change(tx, std::nullopt, now);
}

Result<std::vector<JobId>> choose_model_of(Connection& tx, ProjectId project, TimePoint now) {
    return begin_change(tx, project, now);
}

Result<std::vector<JobId>> unfinished_file_jobs(Connection& tx, ProjectId project) {
    return jobs_of(tx, sql::catalog_unfinished_file_jobs, project);
}

Result<ProjectModels> project_models(Connection& tx, ProjectId project) {
    Query query(tx, sql::catalog_project_models);
    return models_row(query.bind(":project_id", project), "project", to_integer(project));
}

Result<ProjectModels> source_models(Connection& tx, SourceId source) {
    Query query(tx, sql::catalog_source_models);
    return models_row(query.bind(":source_id", source), "source", to_integer(source));
}

Result<std::map<ProjectId, SearchModel>> search_models(Connection& tx) {
    std::map<ProjectId, SearchModel> all;
    Query query(tx, sql::catalog_search_models);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.emplace(query.id<ProjectId>(0), SearchModel{std::string(query.text(1)), external(query, 2)});
    }
}

Result<std::vector<ProjectId>> changing_projects(Connection& tx) {
    Query query(tx, sql::catalog_changing_projects);
    return ids(query);
}

Result<ChangeStep> continue_change(Connection& tx, ProjectId project, std::size_t waiting_max, TimePoint now) {
    ChangeStep step;
    ARCHAEO_ASSIGN(const ProjectModels models, project_models(tx, project));
    if (!models.next) return step;  // another process was quicker
    ARCHAEO_ASSIGN(const ChangeProgress progress, change_progress(tx, project));
    const auto waiting = static_cast<std::size_t>(progress.waiting);
    // All sources are gone through for each batch of jobs, so batches are not small.
    if (waiting > waiting_max / 4) return step;
    ARCHAEO_ASSIGN(const auto sources, lacking(tx, project, *models.next, waiting_max - waiting));
    for (const Lacking& source : sources) ARCHAEO_TRY(accept_job(tx, project, source, now));
    step.jobs = sources.size();
    step.has_switched = sources.empty() && progress.waiting == 0 && progress.failed == 0;
    if (step.has_switched) ARCHAEO_TRY(switch_over(tx, project, now));
    return step;
}

Result<ChangeProgress> change_progress(Connection& tx, ProjectId project) {
    ChangeProgress progress;
    Query query(tx, sql::catalog_next_counts);
    query.bind(":project_id", project);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) break;
        const std::string_view state = query.text(0);
        (state == "made" ? progress.made : state == "waiting" ? progress.waiting : progress.failed) = query.integer(1);
    }
    if (progress.failed == 0) return progress;
    Query failures(tx, sql::catalog_next_failures);
    ARCHAEO_ASSIGN(const bool row, failures.bind(":project_id", project).bind(":limit", 1).step());
    if (row) progress.failure = std::string(failures.text(0)) + ": " + std::string(failures.text(1));
    return progress;
}

Result<bool> record_next(Connection& tx, SourceId source, std::string_view model, const FileResult& result,
                         const std::optional<GenerationId>& generation) {
    Query query(tx, sql::catalog_record_next_generation);
    query.bind(":source_id", source)
        .bind(":model_id", model)
        .bind(":version", result.version)
        .bind(":generation", generation)
        .bind(":chunks", result.chunks)
        .bind(":text_hash", result.text_hash);
    return query.step();
}

Status fail_next(Connection& tx, SourceId source, JobId job, std::string_view reason) {
    return Query(tx, sql::catalog_fail_next_generation)
        .bind(":source_id", source)
        .bind(":job_id", job)
        .bind(":reason", reason)
        .run();
}

Result<std::vector<StaleModel>> stale_models(Connection& tx, TimePoint before) {
    std::vector<StaleModel> found;
    Query query(tx, sql::catalog_stale_models);
    query.bind(":before_ms", before);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return found;
        found.push_back({query.id<ProjectId>(0), std::string(query.text(1))});
    }
}

Result<std::int64_t> forget_stale(Connection& tx, const StaleModel& stale, std::size_t limit) {
    ARCHAEO_TRY(Query(tx, sql::catalog_forget_model)
                    .bind(":project_id", stale.project_id)
                    .bind(":model_id", stale.model_id)
                    .bind(":limit", limit)
                    .run());
    return tx.changes();
}

}  // namespace archaeologist::catalog
