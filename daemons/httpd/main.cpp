// archaeologist-httpd: the HTTP front-end, with a worker of its own unless told otherwise.
#include <atomic>

#include "host/daemon.hpp"
#include "host/daemon_settings.hpp"
#include "httpd/api.hpp"

namespace {

using namespace archaeologist;

const host::ProgramDescription program{"archaeologist-httpd",
                                       "HTTP front-end: takes files in, answers searches, and processes jobs.",
                                       "Flag beats environment beats file beats default. Exit: 0 stopped, 1 it could "
                                       "not run, 2 wrong settings, 75 its handlers hang\n"
                                       "and another process should take its place."};

int slots_of(const host::Settings& settings) {
    return settings.text("workers") == "auto" ? 0 : static_cast<int>(settings.integer("workers"));
}

httpd::ApiLimits limits_of(const host::Settings& settings) {
    return {.body_bytes_max = static_cast<std::uint64_t>(settings.integer("body-max")),
            .json_bytes_max = static_cast<std::size_t>(settings.integer("json-max")),
            .files_max = static_cast<std::size_t>(settings.integer("files-max"))};
}

void write_server_metrics(host::MetricsText& out, const host::HttpServer& server) {
    const auto counts = server.counts();
    out.gauge("archaeologist_http_connections", "Clients connected.", static_cast<double>(counts.connections));
    out.gauge("archaeologist_http_requests_in_flight", "Requests being served.", static_cast<double>(counts.requests));
    out.gauge("archaeologist_http_streams", "Clients that follow events.", static_cast<double>(counts.streams));
    out.counter("archaeologist_http_refused_total", "Requests and clients refused for want of room.",
                static_cast<double>(counts.refused));
}

Result<int> serve(const host::Settings& settings, const host::Environment& environment) {
    const auto log = host::log_of(program.name, settings);
    ARCHAEO_ASSIGN(const auto options, host::server_options(settings));
    ARCHAEO_ASSIGN(const auto config, host::config_of(settings, environment, slots_of(settings), log.sink()));
    ARCHAEO_ASSIGN(const auto engine, host::open_engine(settings, config));
    httpd::EventHub hub(*engine);
    host::RequestMetrics metrics;
    std::atomic<bool> is_draining{false};
    std::unique_ptr<host::HttpServer> server;
    httpd::Api api{.engine = *engine,
                   .hub = hub,
                   .limits = limits_of(settings),
                   .defaults = {.timeout = std::chrono::seconds(settings.integer("job-timeout")),
                                .max_retries = static_cast<int>(settings.integer("job-max-retries"))},
                   .metrics =
                       [&] {
                           host::MetricsText out;
                           metrics.write(out);
                           write_server_metrics(out, *server);
                           host::write_engine_metrics(out, engine->queue(), engine->worker_status());
                           host::write_backend_metrics(out, engine->backend_figures());
                           return std::move(out).text();
                       },
                   .is_draining = [&] { return is_draining.load(); }};
    const host::Router router(httpd::all_routes(api), api.limits.json_bytes_max);
    const auto handler = [&router](host::HttpRequest& request) { return router.handle(request); };
    ARCHAEO_ASSIGN(server,
                   host::HttpServer::open(options, host::guarded(handler, options), host::observer_of(metrics, log)));
    // Behind a queue for many hosts this one serves, unless it is told to work.
    const bool works =
        settings.text("workers") == "auto" ? config.queue_place != QueuePlace::redis : settings.text("workers") != "0";
    ARCHAEO_TRY(works ? engine->start_workers() : engine->start_upkeep());
    server->start();
    const auto code = host::run_until_stopped(
        program.name, *server, environment, [&] { return engine->worker_status(); }, log);
    is_draining.store(true);
    hub.stop();
    server->stop(std::chrono::milliseconds(1'000 * settings.integer("grace")));
    return host::end_with(code, [&] { engine->stop_workers(); });
}

Result<std::vector<Check>> check(const host::Settings& settings, const host::Environment& environment) {
    ARCHAEO_ASSIGN(const auto config, host::config_of(settings, environment, 1, {}));
    ARCHAEO_ASSIGN(const auto engine, host::open_engine(settings, config));
    return engine->check();
}

}  // namespace

int main(int argc, char** argv) {
    return host::run_daemon(program, host::httpd_settings(), argc, argv, {&serve, &check});
}
