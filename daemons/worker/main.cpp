// archaeologist-worker: takes jobs of a data folder and does them, and says on a port of its own how it is.
#include <atomic>

#include "host/daemon.hpp"
#include "host/daemon_settings.hpp"
#include "worker/routes.hpp"

namespace {

using namespace archaeologist;

const host::ProgramDescription program{
    "archaeologist-worker", "Does the jobs that archaeologist-httpd and others accept, beside other workers.",
    "Flag beats environment beats file beats default. Exit: 0 stopped, 1 it could not run, 2 wrong settings, 75 its "
    "handlers hang\n"
    "and another process should take its place."};

Result<int> serve(const host::Settings& settings, const host::Environment& environment) {
    const auto log = host::log_of(program.name, settings);
    ARCHAEO_ASSIGN(const auto options, host::server_options(settings));
    ARCHAEO_ASSIGN(const auto hands, worker::open_hands(settings, environment, log.sink()));
    host::RequestMetrics metrics;
    std::atomic<bool> is_draining{false};
    worker::Desk desk{.hands = *hands,
                      .metrics =
                          [&] {
                              host::MetricsText out;
                              metrics.write(out);
                              host::write_engine_metrics(out, hands->queue(), hands->status());
                              host::write_backend_metrics(out, hands->backend_figures());
                              return std::move(out).text();
                          },
                      .is_draining = [&] { return is_draining.load(); }};
    const host::Router router(worker::routes_of(desk), static_cast<std::size_t>(settings.integer("json-max")));
    const auto handler = [&router](host::HttpRequest& request) { return router.handle(request); };
    ARCHAEO_ASSIGN(const auto server,
                   host::HttpServer::open(options, host::guarded(handler, options), host::observer_of(metrics, log)));
    ARCHAEO_TRY(hands->start());
    server->start();
    const auto code = host::run_until_stopped(
        program.name, *server, environment, [&] { return hands->status(); }, log);
    is_draining.store(true);
    const int ended = host::end_with(code, [&] { hands->stop(); });
    server->stop(std::chrono::seconds(2));
    return ended;
}

Result<std::vector<Check>> check(const host::Settings& settings, const host::Environment& environment) {
    ARCHAEO_ASSIGN(const auto hands, worker::open_hands(settings, environment, {}));
    return hands->check();
}

}  // namespace

int main(int argc, char** argv) {
    return host::run_daemon(program, host::worker_settings(), argc, argv, {&serve, &check});
}
