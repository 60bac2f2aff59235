#include "httpd/shapes.hpp"

#include <utility>

namespace archaeologist::httpd {

using host::Parameter;
using host::Schema;

Parameter project_id() { return {"project_id", Schema::integer(1, id_max, "A project")}; }

Parameter source_id() { return {"source_id", Schema::integer(1, id_max, "A source of the project")}; }

Parameter job_id() { return {"job_id", Schema::uuid("A job")}; }

std::vector<Parameter> page_parameters() {
    return {{"page", Schema::integer(1, std::int64_t{1} << 40, "From 1"), "1"},
            {"per_page", Schema::integer(1, 1'000, "Items a page"), "50"}};
}

Schema priority_schema() { return Schema::choice({"low", "normal", "high", "urgent"}, "A head start in time"); }

Schema job_status_schema() {
    return Schema::choice({"pending", "queued", "running", "completed", "failed", "cancelled"});
}

Schema timeout_schema() { return Schema::integer(1, JobLimits::timeout_max.count(), "Of each attempt, in seconds"); }

Schema retries_schema() { return Schema::integer(0, JobLimits::retries_max, "After failed attempts"); }

Parameter idempotency_key() {
    return {"Idempotency-Key",
            Schema::text(1, 255, "Makes a repetition within 24 h safe: it gets what the first request made")};
}

host::HttpReply json_reply(int status, std::string body) {
    host::HttpReply reply;
    reply.status = status;
    reply.body = std::move(body);
    return reply;
}

host::HttpReply no_content() {
    host::HttpReply reply;
    reply.status = 204;
    return reply;
}

ProjectId project_of(const host::Call& call) { return ProjectId{call.integer("project_id")}; }

Result<Source> source_of(Engine& engine, const host::Call& call) {
    ARCHAEO_ASSIGN(auto source, engine.source(SourceId{call.integer("source_id")}));
    if (source.project_id != project_of(call)) {
        return Error{Code::not_found,
                     "source " + call.text("source_id") + " does not exist in project " + call.text("project_id")};
    }
    return source;
}

JobId job_of(const host::Call& call) { return JobId(Uuid::parse(call.text("job_id")).value_or(Uuid{})); }

Result<std::optional<IdempotencyKey>> key_of(const host::Call& call, std::string route) {
    if (!call.request().headers.contains("idempotency-key")) return std::optional<IdempotencyKey>();
    IdempotencyKey key{
        .user_id = local_user, .route = std::move(route), .key = call.request().header("idempotency-key")};
    ARCHAEO_TRY(host::check_text("Idempotency-Key", key.key, idempotency_key().schema));
    return std::optional(std::move(key));
}

}  // namespace archaeologist::httpd
