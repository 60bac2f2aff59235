#include "cli/session.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/local_service.hpp"
#include "cli/remote_service.hpp"
#include "host/daemon_settings.hpp"
#include "host/embedder_settings.hpp"
#include "host/lake_settings.hpp"
#include "host/language_settings.hpp"
#include "host/logging.hpp"
#include "host/printable.hpp"
#include "host/queue_settings.hpp"
#include "host/terminal.hpp"
#include "host/vector_settings.hpp"

namespace archaeologist::cli {
namespace {

// "a, b, c and 4 more"
std::string some_names(const std::vector<Project>& projects) {
    constexpr std::size_t named_max = 8;
    std::string names;
    for (std::size_t i = 0; i < projects.size() && i < named_max; ++i) {
        names += (i == 0 ? "" : ", ") + projects[i].name;
    }
    if (projects.size() > named_max) names += " and " + std::to_string(projects.size() - named_max) + " more";
    return names;
}

Result<std::unique_ptr<Service>> open_remote(const std::string& url, const host::Environment& environment) {
    ServerAddress server;
    ARCHAEO_ASSIGN(server.url, host::parse_http_url(url));
    server.key = environment("ARCHAEOLOGIST_API_KEY");
    const bool sendable =
        std::all_of(server.key.begin(), server.key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (!sendable) {
        return Error{
            Code::invalid_argument,
            "$ARCHAEOLOGIST_API_KEY holds a space or another character that no key has, must be visible ASCII"};
    }
    return make_remote_service(std::move(server));
}

}  // namespace

Result<host::Settings> settings_of(const Global& global, const host::Environment& environment) {
    using host::Setting;
    std::vector<Setting> table{
        Setting::text("data", "ARCHAEOLOGIST_DATA", "", "DIR", ""),
        Setting::text("server", "ARCHAEOLOGIST_URL", "", "URL", ""),
        Setting::text("project", "ARCHAEOLOGIST_PROJECT", "", "NAME", ""),
        Setting::text("log-level", "", "warning", "NAME", "", {"debug", "info", "warning", "error"})};
    for (auto& setting : host::redis_settings()) table.push_back(std::move(setting));
    for (auto& setting : host::lake_settings()) table.push_back(std::move(setting));
    for (auto& setting : host::embedder_settings()) table.push_back(std::move(setting));
    for (auto& setting : host::vector_settings()) table.push_back(std::move(setting));
    table.push_back(host::language_setting());
    auto others = host::httpd_settings();
    for (auto& setting : host::worker_settings()) others.push_back(std::move(setting));
    return host::Settings::merge(std::move(table),
                                 {{"data", global.data},
                                  {"server", global.server},
                                  {"lake", global.lake},
                                  {"embedder", global.embedder},
                                  {"vectors", global.vectors},
                                  {"languages", global.languages},
                                  {"log-level", global.log_level}},
                                 global.config.empty() ? environment("ARCHAEOLOGIST_CONFIG") : global.config,
                                 environment, others);
}

ExitCode exit_code_of(const Error& error) {
    const bool wrong = error.code == Code::invalid_argument || error.code == Code::not_found;
    return wrong ? wrong_request : work_failed;
}

void complain(const std::string& message) {
    host::StatusLine::standard_error().message("archaeologist: " + host::printable(message) + "\n");
}

Result<std::unique_ptr<Service>> Session::open(IfMissing if_missing) const {
    const auto server = settings.text("server");
    if (!server.empty() && settings.rank("server") >= settings.rank("data")) return open_remote(server, environment);
    Config config;
    // The jobs of the data folder wait where they wait already. $REDIS_URL may be meant for other programs, so it says only
    // where Redis is.
    config.redis = host::redis_of(settings, environment);
    config.lake = host::lake_of(settings);
    config.embedding = host::embedder_of(settings);
    config.vectors = host::vectors_of(settings);
    ARCHAEO_ASSIGN(config.languages, host::languages_of(settings));
    ARCHAEO_ASSIGN(config.data_dir, host::data_dir(settings.text("data"), environment));
    std::error_code failure;
    const auto kind = std::filesystem::status(config.data_dir, failure).type();
    if (if_missing == IfMissing::refuse && kind == std::filesystem::file_type::not_found) {
        return Error{Code::not_found,
                     "data folder \"" + config.data_dir +
                         "\" does not exist; archaeologist ingest PATH makes it, --data names another"};
    }
    config.worker_id = environment("WORKER_ID");
    config.log = log;
    config.log_level = host::parse_log_level(settings.text("log-level")).value_or(LogLevel::warning);
    ARCHAEO_ASSIGN(auto engine, Engine::open(config));
    return make_local_service(std::move(engine));
}

host::ProjectChoice Session::project_choice(const std::string& flag, const std::string& path) const {
    const auto named = settings.text("project");
    if (flag.empty() && !named.empty()) return {named, settings.origin("project")};
    return host::project_choice(flag, environment, path);
}

Result<Project> Session::project(Service& service, const std::string& flag) const {
    const auto choice = project_choice(flag, ".");
    auto project = service.project(choice.name);
    if (project || project.error().code != Code::not_found) return project;
    ARCHAEO_ASSIGN(const auto projects, service.projects());
    return Error{Code::not_found, "project \"" + choice.name + "\" (from " + choice.origin + ") does not exist; " +
                                      (projects.empty() ? "there is none yet, archaeologist ingest PATH makes one"
                                                        : "--project must be one of " + some_names(projects))};
}

Status Session::mention_pause(Service& service) const {
    ARCHAEO_ASSIGN(const auto stats, service.queue_stats());
    if (stats.paused) {
        complain("the queue is paused, nothing is processed until: " + command_to_type("queue resume"));
    }
    return {};
}

std::string Session::command_to_type(const std::string& rest) const {
    std::string command = "archaeologist " + rest;
    if (!global.config.empty()) command += " --config " + host::shell_word(global.config);
    if (!global.data.empty()) command += " --data " + host::shell_word(global.data);
    if (!global.server.empty()) command += " --server " + host::shell_word(global.server);
    return command;
}

}  // namespace archaeologist::cli
