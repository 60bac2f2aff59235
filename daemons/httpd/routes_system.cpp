// How the server itself is, what it offers, and its page.
#include "archaeologist/version.hpp"
#include "asset/httpd_components_json.hpp"
#include "asset/web_index_html.hpp"
#include "host/http/problem.hpp"
#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::Route;

// What a load balancer asks: whether requests should come here.
Result<HttpReply> ready(Api& api) {
    std::vector<Check> checks;
    const auto stats = api.engine.queue().stats();
    checks.push_back({"queue", stats ? Check::Verdict::good : Check::Verdict::bad,
                      stats ? "answers" : "does not answer", stats ? "" : "see the server's log"});
    const auto worker = api.engine.worker_status();
    if (worker) {
        const bool works = worker->state == "running";
        checks.push_back({"worker", works ? Check::Verdict::good : Check::Verdict::warning, worker->state,
                          works ? "" : "jobs are accepted and wait"});
    }
    // Without one of them much goes on: a balancer's other servers would stand on the same.
    for (const auto& backend : api.engine.reach_backends()) {
        const bool answers = backend.verdict == Check::Verdict::good;
        checks.push_back({backend.name, answers ? Check::Verdict::good : Check::Verdict::warning,
                          answers ? "answers" : "does not answer as it must", answers ? "" : "see the server's log"});
    }
    const bool is_draining = api.is_draining();
    if (is_draining) checks.push_back({"server", Check::Verdict::bad, "stops", "ask another one"});
    bool is_ready = true;
    bool is_whole = true;
    for (const auto& check : checks) {
        is_ready = is_ready && check.verdict != Check::Verdict::bad;
        is_whole = is_whole && check.verdict == Check::Verdict::good;
    }
    JsonWriter json;
    json.begin_object().field("status", is_draining ? "draining"
                                        : !is_ready ? "down"
                                        : is_whole  ? "ready"
                                                    : "degraded");
    json.key("checks").begin_array();
    for (const auto& check : checks) json.raw(to_json(check));
    json.end_array().end_object();
    return json_reply(is_ready ? 200 : 503, std::move(json).text());
}

HttpReply page() {
    HttpReply reply;
    reply.content_type = "text/html; charset=utf-8";
    reply.headers.emplace_back("Content-Security-Policy",
                               "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src "
                               "'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
    reply.headers.emplace_back("Cache-Control", "no-cache");
    reply.body = asset::web_index_html;
    return reply;
}

HttpReply text_reply(std::string text, std::string type) {
    HttpReply reply;
    reply.content_type = std::move(type);
    reply.body = std::move(text);
    return reply;
}

}  // namespace

std::vector<Route> system_routes(Api& api) {
    return {
        Route("GET", "/healthz", "isAlive", "system", "Whether the process answers")
            .replies(200, "It does", "Health")
            .by([](Call&) -> Result<HttpReply> { return json_reply(200, R"({"status":"ok"})"); }),
        Route("GET", "/readyz", "isReady", "system", "Whether requests should come here")
            .replies(200, "They should", "Readiness")
            .replies(503, "They should not", "Readiness")
            .by([&api](Call&) { return ready(api); }),
        Route("GET", "/metrics", "getMetrics", "system", "Figures for Prometheus")
            .replies(200, "Prometheus's text format", {}, "text/plain; version=0.0.4; charset=utf-8")
            .by([&api](Call&) -> Result<HttpReply> {
                return text_reply(api.metrics(), "text/plain; version=0.0.4; charset=utf-8");
            }),
        Route("GET", "/", "getPage", "system", "A page to upload, follow and search with")
            .replies(200, "The page", {}, "text/html; charset=utf-8")
            .by([](Call&) -> Result<HttpReply> { return page(); }),
    };
}

std::vector<Route> all_routes(Api& api) {
    std::vector<Route> all;
    for (auto* routes : {&project_routes, &upload_routes, &source_routes, &search_routes, &job_routes, &queue_routes,
                         &event_routes, &system_routes}) {
        for (auto& route : routes(api)) all.push_back(std::move(route));
    }
    auto document = std::make_shared<std::string>();
    all.push_back(Route("GET", "/openapi.json", "getDescription", "system", "This description")
                      .replies(200, "OpenAPI 3.1", "Description")
                      .by([document](Call&) -> Result<HttpReply> { return json_reply(200, *document); }));
    *document = host::openapi_of(all, {.title = "archaeologist",
                                       .description = "Files go in, are stored at once and become searchable a moment "
                                                      "later. Errors are application/problem+json (RFC 9457).",
                                       .version = std::string(version()),
                                       .components = asset::httpd_components_json});
    return all;
}

}  // namespace archaeologist::httpd
