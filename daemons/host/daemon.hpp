// What the daemons share: their common settings, an engine and a server made of them, and a life between two signals.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "host/environment.hpp"
#include "host/http/router.hpp"
#include "host/http/server.hpp"
#include "host/logging.hpp"
#include "host/metrics.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

// What sysexits(3) and timeout(1) say; restart: the process hangs and another should take its place.
enum DaemonExit { stopped = 0, failed = 1, wrong_settings = 2, restart = 75 };

// What all of them must be like together. Errors: invalid_argument (a queue that is not there, …).
[[nodiscard]] Status check_common(const Settings& settings, const Environment& environment);

// Errors: invalid_argument.
[[nodiscard]] Result<HttpServerOptions> server_options(const Settings& settings);

// Errors: invalid_argument.
[[nodiscard]] Result<Config> config_of(const Settings& settings, const Environment& environment, int slots,
                                       LogSink log);

// Those of --handler. Errors: invalid_argument, and what `add` says.
[[nodiscard]] Status add_handlers(const Settings& settings,
                                  const std::function<Status(std::string_view, JobHandler)>& add);

// With the handlers of --handler. Errors: those of Engine::open, and invalid_argument (--handler).
[[nodiscard]] Result<std::unique_ptr<Engine>> open_engine(const Settings& settings, const Config& config);

[[nodiscard]] Log log_of(const std::string& program, const Settings& settings);

// Counts and logs each request. The metrics and the log must outlive the server.
[[nodiscard]] HttpObserver observer_of(RequestMetrics& metrics, const Log& log);

// Refuses what a page of another site makes a browser ask of a server that trusts everybody on this machine: other
// origins, and names that point here by DNS rebinding.
[[nodiscard]] HttpHandler guarded(HttpHandler handler, const HttpServerOptions& options);

// Metrics of the process, its queue and its worker, if it has one.
void write_engine_metrics(MetricsText& out, Queue& queue, const std::optional<WorkerStatus>& worker);

// Prints a line on standard output that a script can wait for, tells the service manager, and waits until a signal comes
// (stopped), or until so many handlers hang that another process should take its place (restart).
[[nodiscard]] DaemonExit run_until_stopped(const std::string& program, const HttpServer& server,
                                           const Environment& environment,
                                           const std::function<std::optional<WorkerStatus>()>& status, const Log& log);

// Ends the process where handlers were left behind that use the engine; else returns the code.
[[nodiscard]] int end_with(DaemonExit code, const std::function<void()>& stop_workers);

struct DaemonActions {
    std::function<Result<int>(const Settings&, const Environment&)> serve;                 // the exit code
    std::function<Result<std::vector<Check>>(const Settings&, const Environment&)> check;  // for `doctor`
};

// A daemon's main: settings, what they alone can answer, then serve.
[[nodiscard]] int run_daemon(const ProgramDescription& program, std::vector<Setting> table, int argc,
                             const char* const* argv, const DaemonActions& actions);

}  // namespace archaeologist::host
