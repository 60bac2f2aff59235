#include "host/daemon_settings.hpp"

#include "archaeologist/job.hpp"
#include "host/embedder_settings.hpp"
#include "host/lake_settings.hpp"
#include "host/language_settings.hpp"
#include "host/queue_settings.hpp"
#include "host/vector_settings.hpp"

namespace archaeologist::host {
namespace {

// `listen` is the default of --listen. A program's own settings come behind these.
std::vector<Setting> common_settings(const std::string& listen) {
    constexpr std::int64_t json_bytes_most = std::int64_t{1} << 40;
    std::vector<Setting> table{
        Setting::text("data", "ARCHAEOLOGIST_DATA", "", "DIR",
                      "Where everything is kept; default: $XDG_DATA_HOME/archaeologist, else "
                      "$HOME/.local/share/archaeologist"),
        Setting::text("listen", "", listen, "HOST:PORT",
                      "Address to answer on; port 0 = any free one, which is printed"),
        Setting::text("tls-cert", "", "", "FILE",
                      "Answer over TLS (https) with this certificate: PEM, with those that lead to its root behind it"),
        Setting::text("tls-key", "", "", "FILE", "The certificate's private key: PEM, without a passphrase"),
        Setting::flag("allow-anonymous", "Answer anybody who can reach an address that is not this machine's own"),
        Setting::text("worker-id", "WORKER_ID", "", "NAME",
                      "Of this process's worker; no two live ones may have the same; default: host-pid-random"),
        Setting::list("handler", "TYPE=COMMAND",
                      "A program that does jobs of this type: it reads the job's data on standard input and prints the "
                      "result (JSON); repeatable"),
        Setting::integer("grace", "", "30", 0, 3'600,
                         "Seconds for requests and jobs to end when it stops; then they are cut off and handed back"),
        Setting::text("log-level", "", "info", "NAME", "Least level that is shown",
                      {"debug", "info", "warning", "error"}),
        Setting::text("log-format", "", "text", "NAME", "Of the log, on standard error", {"text", "json"}),
        Setting::size("header-max", "32K", 1'024, 1 << 20, "Of a request's head; longer: 431"),
        Setting::integer("connections-max", "", "4096", 1, 1'000'000, "Clients connected at once; further ones: 503"),
        Setting::integer("requests-max", "", "128", 1, 10'000, "Requests being served at once; further ones: 503"),
        Setting::integer("streams-max", "", "256", 1, 10'000, "Clients that follow events at once; further ones: 503"),
        Setting::integer("header-timeout", "", "10", 1, 3'600, "Seconds for a request's head to come; then: 408"),
        Setting::integer("idle-timeout", "", "75", 1, 86'400, "Seconds a connection may be idle between requests"),
        Setting::integer("body-timeout", "", "30", 1, 86'400,
                         "Seconds for a body's next bytes to come, and for a client to take a reply's next ones"),
        Setting::size("json-max", "4M", 1'024, json_bytes_most, "Of a JSON body; longer: 413"),
    };
    for (auto& setting : queue_settings()) table.push_back(std::move(setting));
    for (auto& setting : lake_settings()) table.push_back(std::move(setting));
    for (auto& setting : embedder_settings()) table.push_back(std::move(setting));
    for (auto& setting : vector_settings()) table.push_back(std::move(setting));
    table.push_back(language_setting());
    return table;
}

}  // namespace

std::vector<Setting> httpd_settings() {
    auto table = common_settings("127.0.0.1:8080");
    table.push_back(
        Setting::integer("workers", "", "auto", 0, 1'024,
                         "Jobs at once in this process; 0 = none: archaeologist-worker does them; auto = chosen "
                         "from the core count, and 0 with a queue on Redis"));
    table.push_back(Setting::size("body-max", "16G", 1'024, std::int64_t{1} << 50, "Of an upload; longer: 413"));
    table.push_back(Setting::integer("files-max", "", "1000", 1, 10'000, "Files of one upload; more: 413"));
    table.push_back(Setting::integer("job-timeout", "JOB_TIMEOUT", "3600", 1, JobLimits::timeout_max.count(),
                                     "Seconds for an attempt at a job whose request says none"));
    table.push_back(Setting::integer("job-max-retries", "JOB_MAX_RETRIES", "3", 0, JobLimits::retries_max,
                                     "Of jobs whose request says none"));
    return table;
}

std::vector<Setting> worker_settings() {
    auto table = common_settings("127.0.0.1:8081");
    table.push_back(
        Setting::integer("concurrency", "", "auto", 1, 1'024, "Jobs at once; auto = chosen from the core count"));
    return table;
}

}  // namespace archaeologist::host
