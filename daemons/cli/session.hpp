// What every command needs: the settings, and the service they choose.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/engine.hpp"
#include "cli/command_line.hpp"
#include "cli/service.hpp"
#include "host/defaults.hpp"
#include "host/environment.hpp"
#include "host/settings.hpp"

namespace archaeologist::cli {

// time_over is what timeout(1) says.
enum ExitCode { done = 0, work_failed = 1, nothing_found = 1, wrong_request = 2, time_over = 124 };

[[nodiscard]] ExitCode exit_code_of(const Error& error);

// A line on standard error, as the program's own.
void complain(const std::string& message);

enum class IfMissing { make, refuse };

// The flags, else the environment, else the file of --config, which says data, server, project, log-level and how Redis is
// reached. It may be a daemon's: what that has beyond these does not matter here, such as where its jobs are to wait.
// Errors: invalid_argument.
[[nodiscard]] Result<host::Settings> settings_of(const Global& global, const host::Environment& environment);

struct Session {
    Global global;
    host::Settings settings;
    host::Environment environment;
    LogSink log;

    // The server or the data folder, whichever is said by the flags, else by the environment, else by the file; the server
    // where one of them says both; else the default data folder. A command that only reads refuses a folder that is not there instead of making an empty one.
    // Errors: not_found, invalid_argument (the server's URL, the key), and those of Engine::open.
    [[nodiscard]] Result<std::unique_ptr<Service>> open(IfMissing if_missing) const;

    // The project that is meant, in a folder or for a file.
    [[nodiscard]] host::ProjectChoice project_choice(const std::string& flag, const std::string& path) const;

    // The project a reading command means. Errors: not_found, saying which there are.
    [[nodiscard]] Result<Project> project(Service& service, const std::string& flag) const;

    // Says so when nothing will be processed because the queue is paused.
    [[nodiscard]] Status mention_pause(Service& service) const;

    // "archaeologist REST", with --config, --data or --server when it was given, to be typed as it stands.
    [[nodiscard]] std::string command_to_type(const std::string& rest) const;
};

// Each prints its result and returns the exit code.
[[nodiscard]] Result<int> run(const Ingest& command, const Session& session);
[[nodiscard]] Result<int> run(const Search& command, const Session& session);
[[nodiscard]] Result<int> run(const JobsList& command, const Session& session);
[[nodiscard]] Result<int> run(const JobsShow& command, const Session& session);
[[nodiscard]] Result<int> run(const JobsWait& command, const Session& session);
[[nodiscard]] Result<int> run(const JobsChange& command, const Session& session);
[[nodiscard]] Result<int> run(const QueueStatsShow& command, const Session& session);
[[nodiscard]] Result<int> run(const QueuePause& command, const Session& session);
[[nodiscard]] Result<int> run(const QueueResume& command, const Session& session);
[[nodiscard]] Result<int> run(const SourcesList& command, const Session& session);
[[nodiscard]] Result<int> run(const SourcesShow& command, const Session& session);
[[nodiscard]] Result<int> run(const SourcesChange& command, const Session& session);
[[nodiscard]] Result<int> run(const ProjectsList& command, const Session& session);
[[nodiscard]] Result<int> run(const ProjectsCreate& command, const Session& session);
[[nodiscard]] Result<int> run(const ProjectsSet& command, const Session& session);
[[nodiscard]] Result<int> run(const ProjectsDelete& command, const Session& session);
[[nodiscard]] Result<int> run(const LakeCopy& command, const Session& session);
[[nodiscard]] Result<int> run(const VectorsCopy& command, const Session& session);
[[nodiscard]] Result<int> run(const Doctor& command, const Session& session);

}  // namespace archaeologist::cli
