// The command line as a value: what is asked for, checked as far as that goes without looking at any data.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "archaeologist/engine.hpp"
#include "cli/hit_text.hpp"

namespace archaeologist::cli {

enum class Format { text, grep, vimgrep, json };

struct Global {
    std::string config;            // as given; empty when not
    std::string data;              // as given; empty when not
    std::string server;            // as given; empty when not, and with data
    std::string lake;              // as given; empty when not
    std::string embedder;          // the same
    std::string vectors;           // as given; empty when not
    std::string languages;         // the same
    Format format = Format::text;  // grep and vimgrep with search only
    std::string log_level;         // as given, and a level's name; empty when not
};

struct Ingest {
    std::vector<std::string> paths;
    std::string project;  // as given; empty when not
    bool all = false;
    IfUnchanged if_unchanged = IfUnchanged::skip;
    Priority priority = Priority::normal;
};

enum class Colour { automatic, always, never };

struct Search {
    SearchRequest request;  // without projects
    std::string project;
    Colour colour = Colour::automatic;
    std::optional<ContextLines> context;  // nothing: the few lines that matter
};

struct JobsList {
    JobFilter filter;  // without the project's id
    std::string project;
};

struct JobsShow {
    JobId id;
};

// Jobs by their ids, or all that fit a filter; one of the two is there.
struct JobChoice {
    std::vector<JobId> ids;  // distinct, as given
    std::optional<JobStatus> status;
    std::string job_type;
    std::string project;
    bool all = false;
};

enum class WorkHere { yes, no };

struct JobsWait {
    JobChoice choice;                             // status, when given, is an unfinished one
    std::optional<std::chrono::seconds> timeout;  // nothing: for ever
    WorkHere work = WorkHere::yes;
};

struct JobsChange {
    BulkAction action{};  // cancel, retry or remove
    JobChoice choice;     // status, when given, is one the action can apply to
};

struct QueueStatsShow {};
struct QueuePause {};
struct QueueResume {};

struct SourcesList {
    SourceFilter filter;  // without the project's id
    std::string project;
};

struct SourcesShow {
    SourceId id{};
    std::string project;
};

enum class SourceAction { remove, reprocess };

struct SourcesChange {
    SourceAction action{};
    std::vector<SourceId> ids;  // distinct, as given; at least one
    std::string project;
    Priority priority = Priority::normal;  // of the jobs that reprocess
};

struct ProjectsList {};

struct ProjectsCreate {
    std::string name;
    std::string description;
    ExternalModels external_models = ExternalModels::allowed;
};

struct ProjectsSet {
    std::string name;
    ExternalModels external_models = ExternalModels::allowed;
};

struct ProjectsDelete {
    std::string name;
};

struct LakeCopy {
    std::string from;  // a data folder, or s3://…
    std::string to;
    int threads = 8;
    std::uint64_t samples = 100;
};

struct VectorsCopy {
    std::string from;  // a data folder, or qdrant+http://…
    std::string to;
    std::string model;  // empty = the built-in one
    int dimension = 0;  // with a model
    int threads = 8;
    std::uint64_t samples = 100;
};

struct Doctor {};

using Command = std::variant<Ingest, Search, JobsList, JobsShow, JobsWait, JobsChange, QueueStatsShow, QueuePause,
                             QueueResume, SourcesList, SourcesShow, SourcesChange, ProjectsList, ProjectsCreate,
                             ProjectsSet, ProjectsDelete, LakeCopy, VectorsCopy, Doctor>;

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
