#include "host/daemon.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <thread>

#include "archaeologist/command_handler.hpp"
#include "archaeologist/version.hpp"
#include "host/defaults.hpp"
#include "host/embedder_settings.hpp"
#include "host/http/listener.hpp"
#include "host/http/problem.hpp"
#include "host/lake_settings.hpp"
#include "host/language_settings.hpp"
#include "host/notify.hpp"
#include "host/printable.hpp"
#include "host/queue_settings.hpp"
#include "host/signals.hpp"
#include "host/sqlite_memory.hpp"
#include "host/terminal.hpp"
#include "host/vector_settings.hpp"

namespace archaeologist::host {
namespace {

constexpr std::chrono::milliseconds look_every{100};

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

// --handler TYPE=COMMAND
struct NamedHandler {
    std::string job_type;
    JobHandler handler;
};

Result<NamedHandler> handler_of(const std::string& text) {
    const auto equals = text.find('=');
    const auto command = equals == std::string::npos ? std::vector<std::string>() : words_of(text.substr(equals + 1));
    if (equals == 0 || command.empty()) {
        return Error{Code::invalid_argument, "handler is \"" + text + "\", must be TYPE=PROGRAM [ARGUMENT...]"};
    }
    ARCHAEO_ASSIGN(auto handler, make_command_handler({.command = command}));
    return NamedHandler{text.substr(0, equals), std::move(handler)};
}

std::string host_of(const std::string& authority) {
    if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
    return authority.substr(0, authority.rfind(':'));
}

void print(const std::string& text) { (void)!write_output(text); }

}  // namespace

Status check_common(const Settings& settings, const Environment& environment) {
    ARCHAEO_ASSIGN(const auto choice, queue_choice(settings, environment));
    ARCHAEO_TRY(validate(choice.redis));
    ARCHAEO_TRY(lake_choice(settings, environment));
    ARCHAEO_TRY(validate(embedder_of(settings)));
    ARCHAEO_TRY(vectors_choice(settings, environment));
    ARCHAEO_TRY(languages_of(settings));
    for (const auto& text : settings.list("handler")) ARCHAEO_TRY(handler_of(text));
    ARCHAEO_ASSIGN(const auto options, server_options(settings));
    if (is_loopback(options.address) || settings.flag("allow-anonymous")) return {};
    return Error{Code::invalid_argument,
                 "listen is \"" + settings.text("listen") + "\" (" + settings.origin("listen") +
                     "), must be an address of this machine alone, such as 127.0.0.1: this version has no keys; "
                     "--allow-anonymous lets everybody in who can reach it"};
}

Result<HttpServerOptions> server_options(const Settings& settings) {
    const auto listen = settings.text("listen");
    const auto colon = listen.rfind(':');
    std::uint16_t port = 0;
    const char* end = listen.data() + listen.size();
    const auto parsed = colon == std::string::npos ? std::from_chars_result{end, std::errc::invalid_argument}
                                                   : std::from_chars(listen.data() + colon + 1, end, port);
    if (parsed.ec != std::errc() || parsed.ptr != end || colon == 0) {
        return Error{Code::invalid_argument, "listen is \"" + listen + "\" (" + settings.origin("listen") +
                                                 "), must be HOST:PORT with a port of 0 to 65535"};
    }
    const auto seconds = [&](const char* name) { return std::chrono::milliseconds(1'000 * settings.integer(name)); };
    const auto count = [&](const char* name) { return static_cast<std::size_t>(settings.integer(name)); };
    HttpServerOptions options;
    options.address = host_of(listen);
    options.port = port;
    options.times = {.head = seconds("header-timeout"),
                     .idle = seconds("idle-timeout"),
                     .read = seconds("body-timeout"),
                     .write = seconds("body-timeout")};
    options.head_bytes_max = count("header-max");
    options.connections_max = count("connections-max");
    options.requests_max = count("requests-max");
    options.streams_max = count("streams-max");
    const auto certificate = settings.text("tls-cert");
    const auto key = settings.text("tls-key");
    if (certificate.empty() != key.empty()) {
        return Error{Code::invalid_argument, certificate.empty() ? "tls-key is given, so tls-cert must be, too"
                                                                 : "tls-cert is given, so tls-key must be, too"};
    }
    if (!certificate.empty()) {
        ARCHAEO_ASSIGN(options.tls, TlsContext::open(certificate, key));
    }
    return options;
}

Result<Config> config_of(const Settings& settings, const Environment& environment, int slots, LogSink log) {
    Config config;
    ARCHAEO_ASSIGN(auto choice, queue_choice(settings, environment));
    config.queue_place = choice.place;
    config.redis = std::move(choice.redis);
    ARCHAEO_ASSIGN(config.lake, lake_choice(settings, environment));
    config.embedding = embedder_of(settings);
    ARCHAEO_ASSIGN(config.vectors, vectors_choice(settings, environment));
    ARCHAEO_ASSIGN(config.languages, languages_of(settings));
    ARCHAEO_ASSIGN(config.data_dir, data_dir(settings.text("data"), environment));
    config.worker_id = settings.text("worker-id");
    config.workers = slots;
    config.grace = std::chrono::milliseconds(1'000 * settings.integer("grace"));
    config.log = std::move(log);
    config.log_level = parse_log_level(settings.text("log-level")).value_or(LogLevel::info);
    return config;
}

Status add_handlers(const Settings& settings, const std::function<Status(std::string_view, JobHandler)>& add) {
    for (const auto& text : settings.list("handler")) {
        ARCHAEO_ASSIGN(auto named, handler_of(text));
        ARCHAEO_TRY(add(named.job_type, std::move(named.handler)));
    }
    return {};
}

Result<std::unique_ptr<Engine>> open_engine(const Settings& settings, const Config& config) {
    ARCHAEO_ASSIGN(auto engine, Engine::open(config));
    ARCHAEO_TRY(add_handlers(settings, [&engine](std::string_view job_type, JobHandler handler) {
        return engine->add_handler(job_type, std::move(handler));
    }));
    return engine;
}

Log log_of(const std::string& program, const Settings& settings) {
    return {program, parse_log_level(settings.text("log-level")).value_or(LogLevel::info),
            parse_log_format(settings.text("log-format")).value_or(LogFormat::text)};
}

HttpObserver observer_of(RequestMetrics& metrics, const Log& log) {
    return [&metrics, &log](const HttpRecord& record) {
        metrics.note(record.route, record.status, record.duration, record.bytes_read);
        std::string jobs;
        for (const auto& id : record.job_ids) jobs += (jobs.empty() ? "" : ",") + id;
        const auto level = record.status >= 500             ? LogLevel::warning
                           : record.request.method == "GET" ? LogLevel::debug
                                                            : LogLevel::info;
        log(level, "request",
            {{"request_id", record.request.id},
             {"method", record.request.method},
             {"path", record.request.path},
             {"status", std::int64_t{record.status}},
             {"duration_ms", std::chrono::duration<double, std::milli>(record.duration).count()},
             {"peer", record.request.peer},
             {"job_ids", jobs}});
    };
}

HttpHandler guarded(HttpHandler handler, const HttpServerOptions& options) {
    const bool is_local = is_loopback(options.address);
    return [handler = std::move(handler), is_local, address = options.address](HttpRequest& request) {
        const auto authority = request.header("host");
        const auto host =
            host_of(authority + (authority.find(':', authority.rfind(']') + 1) == std::string::npos ? ":" : ""));
        const bool is_known =
            host == "localhost" || host == address || host == "::1" || host.starts_with("127.") || host.empty();
        if (is_local && !is_known) {
            return problem(403, "permission_denied",
                           "Host is \"" + authority.substr(0, 100) + "\", must be a name of this machine alone");
        }
        const auto origin = request.header("origin");
        const bool is_same = origin.empty() || origin == "http://" + authority || origin == "https://" + authority;
        if (!is_same)
            return problem(403, "permission_denied",
                           "Origin is \"" + origin.substr(0, 100) + "\", must be this server's own");
        return handler(request);
    };
}

void write_engine_metrics(MetricsText& out, Queue& queue, const std::optional<WorkerStatus>& worker) {
    out.family("archaeologist_build_info", "Its version.", "gauge")
        .sample("archaeologist_build_info", "version=\"" + std::string(version()) + '"', 1);
    if (const auto stats = queue.stats()) {
        out.family("archaeologist_jobs", "Jobs by state.", "gauge");
        const std::pair<const char*, std::int64_t> states[] = {
            {"pending", stats->pending},    {"queued", stats->queued},       {"scheduled", stats->scheduled},
            {"running", stats->running},    {"completed", stats->completed}, {"failed", stats->failed},
            {"cancelled", stats->cancelled}};
        for (const auto& [state, count] : states) {
            out.sample("archaeologist_jobs", std::string("state=\"") + state + '"', static_cast<double>(count));
        }
        out.gauge("archaeologist_oldest_queued_seconds", "How long the oldest ready job waits.",
                  stats->oldest_queued_seconds);
        out.gauge("archaeologist_workers", "Workers that live.", static_cast<double>(stats->workers));
        out.gauge("archaeologist_queue_degraded", "1 while the queue's server is away; jobs are accepted and wait.",
                  stats->degraded ? 1 : 0);
        out.gauge("archaeologist_outbox_depth", "Accepted, and not yet handed to the queue's server.",
                  static_cast<double>(stats->outbox_depth));
        out.gauge("archaeologist_queue_paused", "1 while the queue is paused.", stats->paused ? 1 : 0);
    }
    if (worker) {
        out.gauge("archaeologist_worker_running", "Jobs this process runs.",
                  static_cast<double>(worker->running.size()));
        out.counter("archaeologist_worker_processed_total", "Jobs this process ended.",
                    static_cast<double>(worker->processed));
        out.counter("archaeologist_worker_failed_total", "Those of them that failed.",
                    static_cast<double>(worker->failed));
        const auto claimed = worker->last_claim_at ? static_cast<double>(to_ms(*worker->last_claim_at)) / 1'000 : 0;
        out.gauge("archaeologist_worker_last_claim_timestamp_seconds", "When the queue last answered this worker.",
                  claimed);
    }
    write_process_metrics(out);
}

DaemonExit run_until_stopped(const std::string& program, const HttpServer& server, const Environment& environment,
                             const std::function<std::optional<WorkerStatus>()>& status, const Log& log) {
    const auto hangs = [&status] {
        const auto worker = status();
        return worker && worker->state == "degraded";
    };
    const auto& stop = stop_on_signals();
    print(program + " listens on " + server.url() + '\n');
    notify_service_manager(environment, "READY=1\nSTATUS=listens on " + server.url());
    while (!stop.load() && !hangs()) std::this_thread::sleep_for(look_every);
    notify_service_manager(environment, "STOPPING=1");
    const DaemonExit code = stop.load() ? stopped : restart;
    log(LogLevel::info, code == restart ? "its handlers hang; ends for another to take its place" : "stops");
    return code;
}

int end_with(DaemonExit code, const std::function<void()>& stop_workers) {
    // Handlers that hang still use the engine, which must not go away under them.
    stop_workers();
    if (code == restart) std::_Exit(code);
    return code;
}

namespace {

int complain(const std::string& program, const std::string& message, DaemonExit code) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), printable(message).c_str());
    return code;
}

int run_doctor(const Result<std::vector<Check>>& checks) {
    bool is_bad = false;
    if (!checks) {
        print("bad      engine: " + printable(checks.error().message) + '\n');
        return failed;
    }
    for (const auto& check : *checks) {
        std::string verdict(to_string(check.verdict));
        verdict.resize(9, ' ');
        print(verdict + printable(check.name) + ": " + printable(check.found) + '\n');
        if (!check.advice.empty()) print("         " + printable(check.advice) + '\n');
        is_bad = is_bad || check.verdict == Check::Verdict::bad;
    }
    return is_bad ? failed : stopped;
}

int run(const ProgramDescription& program, std::vector<Setting> table, int argc, const char* const* argv,
        const DaemonActions& actions) {
    ignore_write_signals();
    leave_sqlite_memory_uncounted();
    const auto environment = process_environment();
    const auto parsed = Settings::parse(program, std::move(table), argc, argv, environment);
    if (const auto* notice = std::get_if<Settings::Notice>(&parsed)) {
        std::fputs(notice->error.c_str(), stderr);
        return write_output(notice->output) ? notice->exit_code : failed;
    }
    const auto& settings = std::get<Settings>(parsed);
    if (const auto checked = check_common(settings, environment); !checked) {
        return complain(program.name, checked.error().message, wrong_settings);
    }
    if (settings.action() == Settings::Action::check_config) return write_output(settings.report()) ? stopped : failed;
    if (settings.action() == Settings::Action::doctor) return run_doctor(actions.check(settings, environment));
    const auto code = actions.serve(settings, environment);
    if (code) return code.value();
    return complain(program.name, code.error().message,
                    code.error().code == Code::invalid_argument ? wrong_settings : failed);
}

}  // namespace

int run_daemon(const ProgramDescription& program, std::vector<Setting> table, int argc, const char* const* argv,
               const DaemonActions& actions) {
    try {
        return run(program, std::move(table), argc, argv, actions);
    } catch (const std::exception& error) {  // no memory
        return complain(program.name, error.what(), failed);
    }
}

}  // namespace archaeologist::host
