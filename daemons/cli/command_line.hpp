// The command line as a value: what is asked for, checked as far as that goes without looking at any data.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

enum class Format { text, grep, vimgrep, json };

struct Global {
    std::string data;              // as given; empty when not
    Format format = Format::text;  // grep and vimgrep with search only
    LogLevel log_level = LogLevel::warning;
};

struct Ingest {
    std::vector<std::string> paths;
    std::string project;  // as given; empty when not
    bool all = false;
    IfUnchanged if_unchanged = IfUnchanged::skip;
    Priority priority = Priority::normal;
};

struct Search {
    SearchRequest request;  // without projects
    std::string project;
};

struct JobsList {
    JobFilter filter;  // without the project's id
    std::string project;
};

struct JobsShow {
    JobId id;
};

// Which jobs a command means: those named, or those that fit all the rest.
struct JobsChosen {
    std::vector<JobId> ids;
    std::optional<JobStatus> status;
    std::string job_type;
    std::string project;
};

enum class WhileWaiting { work, look };

struct JobsWait {
    JobsChosen jobs;  // neither named nor filtered: all
    std::optional<std::chrono::seconds> timeout;
    WhileWaiting meanwhile = WhileWaiting::work;  // whether this process runs jobs too
};

// cancel, retry or remove
struct JobsChange {
    JobsChosen jobs;  // named or filtered
    BulkAction action = BulkAction::cancel;
};

struct QueueShow {};
struct QueuePause {};
struct QueueResume {};

struct SourcesList {
    SourceFilter filter;  // without the project's id
    std::string project;
};

struct ProjectsList {};

struct ProjectsCreate {
    std::string name;
    std::string description;
};

using Command = std::variant<Ingest, Search, JobsList, JobsShow, JobsWait, JobsChange, QueueShow, QueuePause,
                             QueueResume, SourcesList, ProjectsList, ProjectsCreate>;

struct CommandLine {
    Global global;
    Command command;
};

// Nothing left to do but to print this: the help, the version, or what is wrong.
struct Notice {
    std::string output;  // for standard output
    std::string error;   // for standard error
    int exit_code = 0;
};

[[nodiscard]] std::variant<CommandLine, Notice> parse_command_line(int argc, const char* const* argv);

}  // namespace archaeologist::cli
