#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::JsonDocument;
using host::Parameter;
using host::Route;
using host::Schema;

constexpr std::int64_t data_bytes_max = static_cast<std::int64_t>(JobLimits::job_data_bytes_max);
constexpr std::int64_t events_shown = 1'000;

Result<HttpReply> reply_with(Api& api, JobId id, int status) {
    ARCHAEO_ASSIGN(const auto job, api.engine.job(id));
    return json_reply(status, to_json(job, api.engine.clock().now()));
}

Result<HttpReply> create(Api& api, const Call& call) {
    const JsonDocument& body = call.body();
    NewJob job;
    job.job_type = body.text("job_type").value_or("");
    if (job.job_type == file_processing || job.job_type == batch_processing || job.job_type == investigation) {
        return Error{Code::invalid_argument,
                     "job_type is \"" + job.job_type + "\", must be one of a program's own: an upload makes that one"};
    }
    job.priority = parse_priority(body.text("priority").value_or("normal")).value_or(Priority::normal);
    job.job_data = body.json("job_data").value_or("{}");
    job.max_retries = static_cast<int>(body.integer("max_retries").value_or(api.defaults.max_retries));
    job.timeout = std::chrono::seconds(body.integer("timeout_seconds").value_or(api.defaults.timeout.count()));
    if (const auto at = body.text("scheduled_at")) job.scheduled_at = host::parse_rfc3339(*at);
    if (const auto project = body.integer("project_id")) {
        job.project_id = ProjectId{*project};
        ARCHAEO_TRY(api.engine.project(job.project_id));
    }
    ARCHAEO_ASSIGN(const auto key, key_of(call, "jobs"));
    auto ids = key ? api.engine.queue().enqueue_once(*key, {&job, 1}) : api.engine.queue().enqueue({&job, 1});
    if (!ids) return std::move(ids).error();
    ARCHAEO_ASSIGN(auto reply, reply_with(api, ids->front(), 202));
    reply.job_ids = {ids->front().text()};
    return reply;
}

Result<HttpReply> list(Api& api, const Call& call) {
    JobFilter filter;
    filter.status = parse_job_status(call.text("status"));
    filter.job_type = call.text("job_type");
    if (call.has("project_id")) {
        filter.project_id = project_of(call);
        ARCHAEO_TRY(api.engine.project(*filter.project_id));
    }
    filter.page = call.integer("page");
    filter.per_page = call.integer("per_page");
    ARCHAEO_ASSIGN(const auto page, api.engine.jobs(filter));
    return json_reply(200, to_json(page, api.engine.clock().now()));
}

Result<HttpReply> history(Api& api, const Call& call) {
    const JobId id = job_of(call);
    ARCHAEO_ASSIGN(const auto job, api.engine.job(id));
    ARCHAEO_ASSIGN(const auto page,
                   api.engine.events({.after = 0, .job_id = id, .project_id = {}, .limit = events_shown}));
    const TimePoint now = api.engine.clock().now();
    JsonWriter json;
    json.begin_object().field("job_id", id.text()).key("job").raw(to_json(job, now)).key("attempts").begin_array();
    for (const auto& attempt : job.attempts) json.raw(to_json(attempt));
    json.end_array().key("events").begin_array();
    for (const auto& event : page.events) json.raw(to_json(event));
    json.end_array().end_object();
    return json_reply(200, std::move(json).text());
}

Result<HttpReply> change(Api& api, const Call& call) {
    const JobId id = job_of(call);
    const auto status = call.body().text("status");
    const auto priority = call.body().text("priority");
    if (status.has_value() == priority.has_value()) {
        return Error{Code::invalid_argument, "body has status and priority, or neither, must have one of them"};
    }
    if (status) {
        ARCHAEO_TRY(api.engine.cancel(id));
    } else {
        ARCHAEO_TRY(api.engine.queue().set_priority(id, parse_priority(*priority).value_or(Priority::normal)));
    }
    return reply_with(api, id, 200);
}

Result<HttpReply> retry(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto made, api.engine.retry(job_of(call)));
    HttpReply reply = json_reply(202, to_json(made, api.engine.clock().now()));
    reply.job_ids = {made.id.text()};
    return reply;
}

Result<HttpReply> remove(Api& api, const Call& call) {
    ARCHAEO_TRY(api.engine.queue().remove(job_of(call)));
    return no_content();
}

Result<HttpReply> bulk(Api& api, const Call& call) {
    const auto filter = call.body().object("filter").value_or(JsonDocument());
    JobSelection selection;
    for (const auto& id : filter.texts("ids")) selection.ids.emplace_back(Uuid::parse(id).value_or(Uuid{}));
    selection.status = parse_job_status(filter.text("status").value_or(""));
    selection.job_type = filter.text("job_type").value_or("");
    if (const auto project = filter.integer("project_id")) {
        selection.project_id = ProjectId{*project};
        ARCHAEO_TRY(api.engine.project(*selection.project_id));
    }
    const auto name = call.body().text("action").value_or("");
    const auto priority = call.body().text("priority");
    if ((name == "set_priority") != priority.has_value()) {
        return Error{Code::invalid_argument,
                     "priority goes with action set_priority, must be given with it and only then"};
    }
    const BulkAction action = name == "cancel"   ? BulkAction::cancel
                              : name == "retry"  ? BulkAction::retry
                              : name == "delete" ? BulkAction::remove
                                                 : BulkAction::set_priority;
    ARCHAEO_ASSIGN(const auto reply,
                   api.engine.queue().bulk(selection, action,
                                           parse_priority(priority.value_or("normal")).value_or(Priority::normal)));
    return json_reply(200, to_json(reply));
}

Result<HttpReply> stats(Api& api, std::optional<UserId> user) {
    ARCHAEO_ASSIGN(const auto stats, api.engine.job_stats(user));
    return json_reply(200, to_json(stats));
}

Schema new_job_schema() {
    return Schema::object({{"job_type", Schema::text(1, JobLimits::job_type_bytes_max, "Whose handler does it"), true},
                           {"priority", priority_schema()},
                           {"project_id", Schema::integer(1, id_max)},
                           {"job_data", Schema::any_object("What the handler gets, at most " +
                                                           std::to_string(data_bytes_max) + " bytes")},
                           {"max_retries", retries_schema()},
                           {"timeout_seconds", timeout_schema()},
                           {"scheduled_at", Schema::time("Run not before")}});
}

Schema bulk_schema() {
    const Schema filter = Schema::object({{"ids", Schema::array_of(Schema::uuid(), 10'000)},
                                          {"status", job_status_schema()},
                                          {"job_type", Schema::text(1, JobLimits::job_type_bytes_max)},
                                          {"project_id", Schema::integer(1, id_max)}});
    return Schema::object({{"filter", filter, true},
                           {"action", Schema::choice({"cancel", "retry", "delete", "set_priority"}), true},
                           {"priority", priority_schema()}});
}

std::vector<Parameter> list_parameters() {
    auto parameters = page_parameters();
    parameters.emplace_back("status", job_status_schema());
    parameters.emplace_back("job_type", Schema::text(1, JobLimits::job_type_bytes_max, "Only these"));
    return parameters;
}

std::vector<Route> reading_routes(Api& api) {
    return {
        Route("GET", "/api/v1/jobs", "listJobs", "jobs", "Jobs, newest first")
            .query(list_parameters())
            .query({{"project_id", Schema::integer(1, id_max, "Only of this project")}})
            .replies(200, "A page of jobs", "JobPage")
            .replies(404, "No such project")
            .by([&api](Call& call) { return list(api, call); }),
        Route("GET", "/api/v1/jobs/project/{project_id}", "listProjectJobs", "jobs", "A project's jobs, newest first")
            .part(project_id())
            .query(list_parameters())
            .replies(200, "A page of jobs", "JobPage")
            .by([&api](Call& call) { return list(api, call); }),
        Route("GET", "/api/v1/jobs/{job_id}", "getJob", "jobs", "One job")
            .part(job_id())
            .replies(200, "The job", "Job")
            .by([&api](Call& call) { return reply_with(api, job_of(call), 200); }),
        Route("GET", "/api/v1/jobs/{job_id}/history", "getJobHistory", "jobs", "Its attempts and events")
            .part(job_id())
            .replies(200, "What happened to it", "JobHistory")
            .by([&api](Call& call) { return history(api, call); }),
        Route("GET", "/api/v1/jobs/stats/user", "getUserStats", "jobs", "Counts of the caller's jobs")
            .replies(200, "The counts", "JobStats")
            .by([&api](Call&) { return stats(api, local_user); }),
        Route("GET", "/api/v1/jobs/stats/global", "getStats", "jobs", "Counts of all jobs")
            .replies(200, "The counts", "JobStats")
            .by([&api](Call&) { return stats(api, std::nullopt); }),
    };
}

}  // namespace

std::vector<Route> job_routes(Api& api) {
    auto routes = reading_routes(api);
    const Schema change_schema =
        Schema::object({{"status", Schema::choice({"cancelled"})}, {"priority", priority_schema()}});
    routes.push_back(Route("POST", "/api/v1/jobs", "createJob", "jobs", "Queues a job of a type of one's own")
                         .header(idempotency_key())
                         .takes(Route::Body::json, new_job_schema())
                         .replies(202, "The job", "Job")
                         .replies(404, "No such project")
                         .by([&api](Call& call) { return create(api, call); }));
    routes.push_back(Route("PUT", "/api/v1/jobs/{job_id}", "changeJob", "jobs",
                           "Cancels it, or gives it another priority until it runs")
                         .part(job_id())
                         .takes(Route::Body::json, change_schema)
                         .replies(200, "The job", "Job")
                         .replies(409, "It is finished, or runs already")
                         .by([&api](Call& call) { return change(api, call); }));
    routes.push_back(
        Route("POST", "/api/v1/jobs/{job_id}/retry", "retryJob", "jobs", "Makes a new job like a finished one")
            .part(job_id())
            .replies(202, "The new job", "Job")
            .replies(409, "It is not finished")
            .by([&api](Call& call) { return retry(api, call); }));
    routes.push_back(Route("DELETE", "/api/v1/jobs/{job_id}", "deleteJob", "jobs", "Forgets a finished job")
                         .part(job_id())
                         .replies(204, "Gone")
                         .replies(409, "It is not finished")
                         .by([&api](Call& call) { return remove(api, call); }));
    routes.push_back(Route("POST", "/api/v1/jobs/bulk", "changeJobs", "jobs", "The same for all that fit a filter")
                         .takes(Route::Body::json, bulk_schema())
                         .replies(200, "How many changed", "BulkReply")
                         .replies(404, "No such project")
                         .by([&api](Call& call) { return bulk(api, call); }));
    return routes;
}

}  // namespace archaeologist::httpd
