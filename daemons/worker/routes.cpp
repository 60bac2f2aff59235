#include "worker/routes.hpp"

#include <memory>

#include "archaeologist/version.hpp"
#include "asset/worker_components_json.hpp"

namespace archaeologist::worker {
namespace {

using host::Call;
using host::HttpReply;
using host::Route;
using host::Schema;

HttpReply reply(int status, std::string body, std::string type = "application/json") {
    HttpReply made;
    made.status = status;
    made.body = std::move(body);
    made.content_type = std::move(type);
    return made;
}

// A worker that was stopped is gone; what is told of it are its last words.
WorkerStatus status_of(Desk& desk) {
    auto status = desk.hands.status();
    if (status) return *std::move(status);
    const std::lock_guard lock(desk.mutex);
    if (desk.last) return *desk.last;
    WorkerStatus stopped;
    stopped.state = "stopped";
    stopped.since = system_clock().now();
    return stopped;
}

void stop(Desk& desk) {
    auto status = desk.hands.status();
    desk.hands.stop();
    if (!status) return;
    status->state = "stopped";
    status->since = system_clock().now();
    status->running.clear();
    const std::lock_guard lock(desk.mutex);
    desk.last = std::move(status);
}

Result<HttpReply> job(const Desk& desk, const Call& call) {
    ARCHAEO_ASSIGN(const auto job, desk.hands.queue().get(JobId(Uuid::parse(call.text("job_id")).value_or(Uuid{}))));
    return reply(200, to_json(job, system_clock().now()));
}

Result<HttpReply> ready(Desk& desk) {
    const auto status = status_of(desk);
    const bool is_ready = status.state == "running" && !desk.is_draining();
    JsonWriter json;
    std::vector<Check> checks{{"worker", is_ready ? Check::Verdict::good : Check::Verdict::bad, status.state,
                               is_ready ? "" : "POST /jobs/worker/start, or see the log"}};
    bool is_whole = true;
    for (const auto& backend : desk.hands.reach_backends()) {
        const bool answers = backend.verdict == Check::Verdict::good;
        is_whole = is_whole && answers;
        checks.push_back({backend.name, answers ? Check::Verdict::good : Check::Verdict::warning,
                          answers ? "answers" : "does not answer as it must",
                          answers ? "" : "see the log; jobs wait meanwhile"});
    }
    json.begin_object().field("status", !is_ready ? "down" : is_whole ? "ready" : "degraded");
    json.key("checks").begin_array();
    for (const auto& check : checks) json.raw(to_json(check));
    json.end_array().end_object();
    return reply(is_ready ? 200 : 503, std::move(json).text());
}

}  // namespace

std::vector<Route> routes_of(Desk& desk) {
    std::vector<Route> routes{
        Route("GET", "/jobs/status/{job_id}", "getJob", "jobs", "One job")
            .part({"job_id", Schema::uuid("A job")})
            .replies(200, "The job", "Job")
            .by([&desk](Call& call) { return job(desk, call); }),
        Route("GET", "/jobs/worker/status", "getWorker", "worker", "What it does")
            .replies(200, "Its state and its jobs", "WorkerStatus")
            .by([&desk](Call&) -> Result<HttpReply> { return reply(200, to_json(status_of(desk))); }),
        Route("GET", "/jobs/queue/stats", "getQueueStats", "jobs", "How much waits and runs")
            .replies(200, "The counts", "QueueStats")
            .by([&desk](Call&) -> Result<HttpReply> {
                ARCHAEO_ASSIGN(const auto stats, desk.hands.queue().stats());
                return reply(200, to_json(stats));
            }),
        Route("POST", "/jobs/worker/start", "startWorker", "worker",
              "Takes jobs; nothing changes where it does already")
            .replies(200, "Its state", "WorkerStatus")
            .by([&desk](Call&) -> Result<HttpReply> {
                ARCHAEO_TRY(desk.hands.start());
                return reply(200, to_json(status_of(desk)));
            }),
        Route("POST", "/jobs/worker/stop", "stopWorker", "worker",
              "Takes no more jobs, waits for those it has up to the grace time, and hands the rest back")
            .replies(200, "Its state", "WorkerStatus")
            .by([&desk](Call&) -> Result<HttpReply> {
                stop(desk);
                return reply(200, to_json(status_of(desk)));
            }),
        Route("GET", "/healthz", "isAlive", "system", "Whether the process answers")
            .replies(200, "It does", "Health")
            .by([](Call&) -> Result<HttpReply> { return reply(200, R"({"status":"ok"})"); }),
        Route("GET", "/readyz", "isReady", "system", "Whether it takes jobs")
            .replies(200, "It does", "Readiness")
            .replies(503, "It does not", "Readiness")
            .by([&desk](Call&) { return ready(desk); }),
        Route("GET", "/metrics", "getMetrics", "system", "Figures for Prometheus")
            .replies(200, "Prometheus's text format", {}, "text/plain; version=0.0.4; charset=utf-8")
            .by([&desk](Call&) -> Result<HttpReply> {
                return reply(200, desk.metrics(), "text/plain; version=0.0.4; charset=utf-8");
            }),
    };
    auto document = std::make_shared<std::string>();
    routes.push_back(Route("GET", "/openapi.json", "getDescription", "system", "This description")
                         .replies(200, "OpenAPI 3.1", "Description")
                         .by([document](Call&) -> Result<HttpReply> { return reply(200, *document); }));
    *document = host::openapi_of(routes, {.title = "archaeologist-worker",
                                          .description = "A worker and what it does.",
                                          .version = std::string(version()),
                                          .components = asset::worker_components_json});
    return routes;
}

}  // namespace archaeologist::worker
