#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <functional>
#include <memory>
#include <sstream>

#include "archaeologist/version.hpp"
#include "cli/file_types.hpp"
#include "host/logging.hpp"
#include "host/printable.hpp"
#include "host/usage.hpp"

namespace archaeologist::cli {
namespace {

constexpr int usage_error = 2;
constexpr int paths_max = 1'000'000;
constexpr std::int64_t wait_seconds_max = std::int64_t{365} * 24 * 3600;

class HelpFormatter final : public CLI::Formatter {
public:
    HelpFormatter() { column_width(34); }
    std::string make_option_usage(const CLI::Option* option) const override {
        const auto usage = option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
        return option->get_required() ? usage : '[' + usage + ']';
    }
};

// Everything the options write to while CLI11 parses.
struct Answers {
    Global global;
    Ingest ingest;
    Search search;
    std::vector<std::string> types;
    std::vector<std::string> patterns;
    std::optional<SearchMode> mode;
    std::optional<std::size_t> limit;
    std::optional<std::size_t> per_file;
    std::optional<std::size_t> lines_after;
    std::optional<std::size_t> lines_before;
    std::optional<std::size_t> lines_around;
    JobsList jobs_list;
    std::string job_id;
    JobChoice choice;
    JobsWait jobs_wait;
    SourcesList sources_list;
    SourcesShow sources_show;
    SourcesChange sources_change;
    std::int64_t source_id = 0;
    std::vector<std::int64_t> source_ids;
    ProjectsCreate projects_create;
    ProjectsSet projects_set;
    ProjectsDelete projects_delete;
    LakeCopy lake_copy;
    VectorsCopy vectors_copy;
    Command command;
};

// An option whose value is one of a few names. CLI11 reports what the check returns.
template <class Parse, class Take>
CLI::Option* named_option(CLI::App& app, const std::string& flags, const std::string& names,
                          const std::string& description, Parse parse, Take take) {
    return app
        .add_option_function<std::string>(
            flags, [parse, take](const std::string& text) { take(*parse(text)); }, description + ": " + names)
        ->check(
            [parse, names](const std::string& text) {
                return parse(text) ? std::string() : '"' + text + "\" must be one of " + names;
            },
            "", names)
        ->type_name("NAME");
}

// A range that the help does not repeat: the description says it.
template <class Number>
CLI::Validator within(Number least, Number most) {
    return CLI::Range(least, most).description("");
}

void project_option(CLI::App& app, std::string& project, const std::string& otherwise) {
    app.add_option("-p,--project", project, "Project, by name; " + otherwise)->type_name("NAME");
}

const char* const default_project = "default: $ARCHAEOLOGIST_PROJECT, else the Git root's name, else \"default\"";

void page_options(CLI::App& app, std::int64_t& page, std::int64_t& per_page) {
    app.add_option("--page", page, "From 1")->check(within(std::int64_t{1}, std::int64_t{1} << 40))->type_name("N");
    app.add_option("--per-page", per_page, "1 to 1,000; default 50")
        ->check(within(std::int64_t{1}, std::int64_t{1'000}))
        ->type_name("N");
}

void global_options(CLI::App& app, Global& global) {
    app.add_option("--config", global.config,
                   "File with lines NAME = VALUE; it may be a daemon's, too; default: $ARCHAEOLOGIST_CONFIG")
        ->type_name("FILE");
    app.add_option("--data", global.data,
                   "Where everything is kept; default: $ARCHAEOLOGIST_DATA, else $XDG_DATA_HOME/archaeologist, else "
                   "$HOME/.local/share/archaeologist")
        ->type_name("DIR");
    app.add_option(
           "--server", global.server,
           "Ask the archaeologist-httpd there instead (http://HOST:PORT); default: $ARCHAEOLOGIST_URL; a key comes "
           "from $ARCHAEOLOGIST_API_KEY")
        ->type_name("URL");
    app.add_option(
           "--lake", global.lake,
           "Where the data folder's contents are kept, if not in it (s3://BUCKET[/PREFIX][?endpoint=URL]); default: "
           "$ARCHAEOLOGIST_LAKE; keys come from $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY")
        ->type_name("URL");
    app.add_option("--embedder", global.embedder,
                   "What makes vectors, if another than before: builtin, or a server (http[s]://HOST[:PORT][/PATH]"
                   "?model=NAME); default: $ARCHAEOLOGIST_EMBEDDER, else what the data folder used last; a key comes "
                   "from $ARCHAEOLOGIST_EMBEDDER_KEY")
        ->type_name("URL");
    app.add_option("--vectors", global.vectors,
                   "Where the data folder's chunks are kept for search, if not in it (qdrant+http://HOST[:PORT]/"
                   "PREFIX); default: $ARCHAEOLOGIST_VECTORS; the key comes from $QDRANT_API_KEY")
        ->type_name("URL");
    app.add_option("--languages", global.languages,
                   "Of prose that is made searchable: auto, or codes such as de,fr; default: $ARCHAEOLOGIST_LANGUAGES")
        ->type_name("CODES");
    app.add_flag_callback(
        "--json", [&global] { global.format = Format::json; }, "Print JSON");
    named_option(app, "--log-level", std::string(host::log_level_names), "Least level that is shown",
                 &host::parse_log_level, [&global](LogLevel level) { global.log_level = to_string(level); });
}

void ingest_command(CLI::App& app, Answers& answers) {
    auto* command = app.add_subcommand("ingest", "Store files and folders, and make them searchable");
    Ingest& ingest = answers.ingest;
    // CLI11 takes a value "[a,b]" apart where extra arguments are allowed, and a folder may be named so. Without them a
    // position takes values up to its least number, which take_all does not insist on.
    command->add_option("PATH", ingest.paths, "Files and folders")
        ->required()
        ->expected(paths_max, paths_max)
        ->allow_extra_args(false)
        ->take_all()
        ->option_text("... REQUIRED");
    project_option(*command, ingest.project, std::string(default_project) + "; made if it is new");
    command->add_flag("--all", ingest.all, "Also .git, node_modules and what .gitignore names");
    command->add_flag_callback(
        "--force", [&ingest] { ingest.if_unchanged = IfUnchanged::process_again; }, "Process unchanged files again");
    named_option(*command, "--priority", "low, normal, high, urgent", "Of the jobs", &parse_priority,
                 [&ingest](Priority priority) { ingest.priority = priority; });
    command->callback([&answers] { answers.command = answers.ingest; });
}

std::optional<Format> parse_format(std::string_view text) {
    if (text == "text") return Format::text;
    if (text == "grep") return Format::grep;
    if (text == "vimgrep") return Format::vimgrep;
    if (text == "json") return Format::json;
    return std::nullopt;
}

std::optional<Colour> parse_colour(std::string_view text) {
    if (text == "auto") return Colour::automatic;
    if (text == "always") return Colour::always;
    if (text == "never") return Colour::never;
    return std::nullopt;
}

void context_options(CLI::App& command, Answers& answers) {
    const auto add = [&](const char* flags, const char* description, std::optional<std::size_t>& lines) {
        command.add_option(flags, lines, description)->check(within(std::size_t{0}, std::size_t{100}))->type_name("N");
    };
    add("-A,--after-context", "Lines behind each line with a match", answers.lines_after);
    add("-B,--before-context", "Lines before it", answers.lines_before);
    add("-C,--context", "Both", answers.lines_around);
}

void search_command(CLI::App& app, Answers& answers) {
    auto* command = app.add_subcommand("search", "Find passages");
    SearchRequest& request = answers.search.request;
    command
        ->add_option(
            "QUERY", request.query,
            "What to look for; after -- when it begins with -. Words, of which any may match, \"these words\", "
            "begin*, -without, path:GLOB, lang:NAME, type:NAME, symbol:NAME")
        ->type_name("");
    command->add_option("-e", answers.patterns, "Instead of QUERY; several, in literal mode, find any of them")
        ->allow_extra_args(false)
        ->type_name("QUERY");
    project_option(*command, answers.search.project, default_project);
    named_option(*command, "-m,--mode", "hybrid, words, semantic, literal", "How", &parse_search_mode,
                 [&answers](SearchMode mode) { answers.mode = mode; });
    command
        ->add_option("-t,--type", answers.types,
                     "Only this type of file (text, markdown, code, sql, csv, json, xml, html, log, config) or "
                     "language; repeatable")
        ->allow_extra_args(false)
        ->type_name("TYPE");
    command->add_option("-g,--glob", request.filter.path_glob, "Only names like this: * within a folder, ** across, ?")
        ->type_name("GLOB");
    command->add_flag_callback(
        "-i,--ignore-case", [&request] { request.letter_case = LetterCase::ignore; }, "Literal mode: either case");
    command->add_flag("-w,--word", request.whole_word, "Literal mode: whole words");
    command->add_flag_callback(
        "-E,--regex", [&request] { request.pattern = TextPattern::regex; },
        "QUERY is a regular expression (RE2), which matches within a line; literal mode");
    command->add_option("--limit", answers.limit, "Hits, 1 to 1,000; default 10, for programs (grep, vimgrep) 1,000")
        ->check(within(std::size_t{1}, std::size_t{1'000}))
        ->type_name("N");
    command->add_option("--offset", request.offset, "Skip the first hits, to 10,000")
        ->check(within(std::size_t{0}, std::size_t{10'000}))
        ->type_name("N");
    command
        ->add_option("--per-file", answers.per_file,
                     "Hits of one file; default 3, in literal mode no bound; 0 = no bound")
        ->check(within(std::size_t{0}, std::size_t{1'000}))
        ->type_name("N");
    context_options(*command, answers);
    named_option(*command, "--color", "auto, always, never", "In the text", &parse_colour,
                 [&answers](Colour colour) { answers.search.colour = colour; });
    named_option(*command, "--format", "text, grep, vimgrep, json", "Of the output", &parse_format,
                 [&answers](Format format) { answers.global.format = format; });
    command->callback([&answers] { answers.command = answers.search; });
}

std::string job_id_error(const std::string& text) {
    return Uuid::parse(text) ? std::string() : '"' + text + "\" must be a job's id (36 characters)";
}

struct StatusNames {
    const char* names;
    bool finished;
};

constexpr StatusNames unfinished{"pending, queued, running", false};
constexpr StatusNames finished{"completed, failed, cancelled", true};

// Ids as arguments, or flags that say which jobs are meant. An empty value is no filter that was forgotten: a script's
// variable that is not set must not widen what is deleted.
void choice_options(CLI::App& command, JobChoice& choice, StatusNames statuses, const std::string& default_status) {
    command
        .add_option_function<std::vector<std::string>>(
            "ID",
            [&choice](const std::vector<std::string>& texts) {
                for (const auto& text : texts) {
                    const JobId id(*Uuid::parse(text));
                    if (std::find(choice.ids.begin(), choice.ids.end(), id) == choice.ids.end()) {
                        choice.ids.push_back(id);
                    }
                }
            },
            "As jobs list shows them; or, without any:")
        ->check(&job_id_error)
        ->type_name("");
    const auto parse = [statuses](const std::string& text) {
        const auto status = parse_job_status(text);
        return status && is_finished(*status) == statuses.finished ? status : std::nullopt;
    };
    named_option(command, "--status", statuses.names, "All of this status (" + default_status + ')', parse,
                 [&choice](JobStatus status) { choice.status = status; });
    const auto not_empty = [](const std::string& text) {
        return text.empty() ? std::string("\"\" must not be empty") : std::string();
    };
    command.add_option("--type", choice.job_type, "All of this job type")->check(not_empty)->type_name("TYPE");
    command.add_option("-p,--project", choice.project, "All of this project, by name")
        ->check(not_empty)
        ->type_name("NAME");
    command.add_flag("--all", choice.all, "All there are, in every project");
}

void change_command(CLI::App& jobs, Answers& answers, const char* name, const char* description, BulkAction action) {
    auto* command = jobs.add_subcommand(name, description);
    choice_options(*command, answers.choice, action == BulkAction::cancel ? unfinished : finished,
                   action == BulkAction::retry ? "default: failed" : "default: all three");
    command->callback([&answers, action] { answers.command = JobsChange{action, answers.choice}; });
}

void jobs_commands(CLI::App& app, Answers& answers) {
    auto* jobs = app.add_subcommand("jobs", "What is processed, and what became of it")->require_subcommand(1);
    auto* list = jobs->add_subcommand("list", "Newest first");
    JobFilter& filter = answers.jobs_list.filter;
    named_option(*list, "--status", "pending, queued, running, completed, failed, cancelled", "Only these",
                 &parse_job_status, [&filter](JobStatus status) { filter.status = status; });
    list->add_option("--type", filter.job_type, "Only this job type")->type_name("TYPE");
    project_option(*list, answers.jobs_list.project, "default: all projects");
    page_options(*list, filter.page, filter.per_page);
    list->callback([&answers] { answers.command = answers.jobs_list; });

    auto* show = jobs->add_subcommand("show", "One job, with its attempts");
    show->add_option("ID", answers.job_id, "As jobs list shows it")->required()->check(&job_id_error)->type_name("");
    show->callback([&answers] { answers.command = JobsShow{JobId(*Uuid::parse(answers.job_id))}; });

    auto* wait = jobs->add_subcommand("wait", "Until they are finished, processing jobs here meanwhile");
    choice_options(*wait, answers.choice, unfinished, "default: all three");
    wait->add_option_function<std::int64_t>(
            "--timeout",
            [&answers](std::int64_t seconds) { answers.jobs_wait.timeout = std::chrono::seconds(seconds); },
            "Give up after so many seconds; default: never")
        ->check(within(std::int64_t{0}, wait_seconds_max))
        ->type_name("SECONDS");
    wait->add_flag_callback(
        "--no-work", [&answers] { answers.jobs_wait.work = WorkHere::no; }, "Only wait: other processes do the jobs");
    wait->callback([&answers] {
        answers.jobs_wait.choice = answers.choice;
        answers.command = answers.jobs_wait;
    });

    change_command(*jobs, answers, "cancel", "So that they end without a result", BulkAction::cancel);
    change_command(*jobs, answers, "retry", "New jobs like finished ones", BulkAction::retry);
    change_command(*jobs, answers, "delete", "Forget finished ones", BulkAction::remove);
}

void queue_commands(CLI::App& app, Answers& answers) {
    auto* queue = app.add_subcommand("queue", "What waits to be processed")->require_subcommand(1);
    queue->add_subcommand("stats", "How many jobs are in which state")->callback([&answers] {
        answers.command = QueueStatsShow{};
    });
    queue->add_subcommand("pause", "Start no more jobs, in any process; what runs goes on")->callback([&answers] {
        answers.command = QueuePause{};
    });
    queue->add_subcommand("resume", "Start jobs again")->callback([&answers] { answers.command = QueueResume{}; });
}

CLI::App* sources_change_command(CLI::App& sources, Answers& answers, const char* name, const char* description,
                                 SourceAction action) {
    auto* command = sources.add_subcommand(name, description);
    command->add_option("ID", answers.source_ids, "As sources list shows them")
        ->required()
        ->check(CLI::PositiveNumber)
        ->type_name("");
    project_option(*command, answers.sources_change.project, default_project);
    command->callback([&answers, action] {
        SourcesChange& change = answers.sources_change;
        change.action = action;
        for (const std::int64_t number : answers.source_ids) {
            const SourceId id{number};
            if (std::find(change.ids.begin(), change.ids.end(), id) == change.ids.end()) change.ids.push_back(id);
        }
        answers.command = change;
    });
    return command;
}

void sources_commands(CLI::App& app, Answers& answers) {
    auto* sources = app.add_subcommand("sources", "The files of a project")->require_subcommand(1);
    auto* list = sources->add_subcommand("list", "By name");
    SourceFilter& filter = answers.sources_list.filter;
    project_option(*list, answers.sources_list.project, default_project);
    named_option(*list, "--status", "pending, searchable, unsupported, failed", "Only these", &parse_source_status,
                 [&filter](SourceStatus status) { filter.status = status; });
    page_options(*list, filter.page, filter.per_page);
    list->callback([&answers] { answers.command = answers.sources_list; });

    auto* show = sources->add_subcommand("show", "One file, in full");
    show->add_option("ID", answers.source_id, "As sources list shows it")
        ->required()
        ->check(CLI::PositiveNumber)
        ->type_name("");
    project_option(*show, answers.sources_show.project, default_project);
    show->callback([&answers] {
        answers.sources_show.id = SourceId{answers.source_id};
        answers.command = answers.sources_show;
    });

    (void)sources_change_command(*sources, answers, "delete", "Search and lists forget them", SourceAction::remove);
    auto* reprocess = sources_change_command(*sources, answers, "reprocess",
                                             "Process them again, as their next version", SourceAction::reprocess);
    named_option(*reprocess, "--priority", "low, normal, high, urgent", "Of the jobs", &parse_priority,
                 [&answers](Priority priority) { answers.sources_change.priority = priority; });
}

CLI::Option* external_models_option(CLI::App& app, ExternalModels& wanted) {
    return named_option(app, "--external-models", "allowed, denied",
                        "Denied: the built-in model embeds its files and questions, and no other (allowed)",
                        &parse_external_models, [&wanted](ExternalModels chosen) { wanted = chosen; });
}

void projects_commands(CLI::App& app, Answers& answers) {
    auto* projects = app.add_subcommand("projects", "The walls between sets of files")->require_subcommand(1);
    projects->add_subcommand("list", "All")->callback([&answers] { answers.command = ProjectsList{}; });
    auto* create = projects->add_subcommand("create", "Make one; ingest does so by itself");
    create->add_option("NAME", answers.projects_create.name, "1 to 200 bytes, unique")->required()->type_name("");
    create->add_option("--description", answers.projects_create.description, "What it is")->type_name("TEXT");
    external_models_option(*create, answers.projects_create.external_models);
    create->callback([&answers] { answers.command = answers.projects_create; });
    auto* set = projects->add_subcommand("set", "Say whether one's texts may be sent to embedders elsewhere");
    set->add_option("NAME", answers.projects_set.name, "As projects list shows it")->required()->type_name("");
    external_models_option(*set, answers.projects_set.external_models)->required();
    set->callback([&answers] { answers.command = answers.projects_set; });
    auto* remove = projects->add_subcommand("delete", "Cancel one's jobs, and forget it with all that is in it");
    remove->add_option("NAME", answers.projects_delete.name, "As projects list shows it")
        ->required()
        ->check([](const std::string& text) {
            return text.empty() ? std::string("\"\" must not be empty") : std::string();
        })
        ->type_name("");
    remove->callback([&answers] { answers.command = answers.projects_delete; });
}

// What both copies take: two places, how much at once, and how much is looked at afterwards.
template <class Copy>
void copy_options(CLI::App& app, Copy& wanted, const std::string& from, const std::string& to,
                  const std::string& threads, const std::string& samples) {
    app.add_option("--from", wanted.from, from)->required()->type_name("PLACE");
    app.add_option("--to", wanted.to, to)->required()->type_name("PLACE");
    app.add_option("--threads", wanted.threads, threads)->check(within(1, 64))->type_name("N");
    app.add_option("--samples", wanted.samples, samples)->type_name("N");
}

void lake_commands(CLI::App& app, Answers& answers) {
    auto* lake = app.add_subcommand("lake", "Where files' contents are kept")->require_subcommand(1);
    auto* copy = lake->add_subcommand(
        "copy", "Copy what is missing, count it, and read samples back; a second run goes on where one stopped");
    copy_options(*copy, answers.lake_copy,
                 "A data folder, or s3://BUCKET[/PREFIX][?endpoint=URL][&region=NAME][&style=path|host]; keys come "
                 "from $FROM_AWS_ACCESS_KEY_ID and $FROM_AWS_SECRET_ACCESS_KEY, else those of --to",
                 "The same; keys come from $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY",
                 "Blobs at once, 1 to 64; default 8", "Blobs to read back and hold against their hash; default 100");
    copy->callback([&answers] { answers.command = answers.lake_copy; });
}

void vectors_commands(CLI::App& app, Answers& answers) {
    auto* vectors = app.add_subcommand("vectors", "Where chunks are kept for search")->require_subcommand(1);
    auto* copy = vectors->add_subcommand(
        "copy", "Copy what is missing, count it, and compare samples; a second run goes on where one stopped");
    VectorsCopy& wanted = answers.vectors_copy;
    copy_options(*copy, wanted,
                 "A data folder, or qdrant+http://HOST[:PORT][,HOST…]/PREFIX; the key comes from "
                 "$FROM_QDRANT_API_KEY, else that of --to",
                 "The same; the key comes from $QDRANT_API_KEY", "Files at once, 1 to 64; default 8",
                 "Chunks to read from both and compare; default 100");
    auto* model = copy->add_option("--model", wanted.model, "Whose, as doctor names it; default: the built-in model's");
    auto* dimension = copy->add_option("--dimension", wanted.dimension, "Of that model, as doctor names it");
    model->needs(dimension->type_name("N")->check(within(1, 65'536)))->type_name("ID");
    copy->callback([&answers] { answers.command = answers.vectors_copy; });
}

void doctor_command(CLI::App& app, Answers& answers) {
    app.add_subcommand("doctor", "Look at everything this stands on, and say what to do")->callback([&answers] {
        answers.command = Doctor{};
    });
}

// Programs want every line, people the best few of each file; who looks for characters wants them all.
void complete(Search& search, Format format, const Answers& answers) {
    const bool for_programs = format == Format::grep || format == Format::vimgrep;
    SearchRequest& request = search.request;
    const bool is_literal = request.mode == SearchMode::literal && format != Format::json;
    request.per_source = answers.per_file.value_or(for_programs || is_literal ? 0 : request.per_source);
    request.limit = answers.limit.value_or(for_programs ? 1'000 : is_literal ? 100 : request.limit);
    if (answers.lines_after || answers.lines_before || answers.lines_around) {
        const std::size_t both = answers.lines_around.value_or(0);
        search.context = ContextLines{answers.lines_before.value_or(both), answers.lines_after.value_or(both)};
        request.context_lines = std::max(search.context->before, search.context->after);
    }
}

// Every character of ASCII that means something in a regular expression gets a backslash.
std::string quoted_for_regex(std::string_view literal) {
    std::string quoted;
    for (const char c : literal) {
        if (std::ispunct(static_cast<unsigned char>(c)) != 0 && c != '_') quoted += '\\';
        quoted += c;
    }
    return quoted;
}

// What is wrong with the queries; empty when there is one, which is the request's then.
std::string take_queries(const std::vector<std::string>& patterns, SearchRequest& request) {
    if (patterns.empty()) return request.query.empty() ? "QUERY is required" : "";
    if (!request.query.empty()) return "QUERY and -e are both given, must be one of them";
    if (patterns.size() == 1) {
        request.query = patterns.front();
        return {};
    }
    if (request.mode != SearchMode::literal) return "several -e need --mode literal or --regex";
    for (const std::string& pattern : patterns) {
        if (pattern.empty()) return "-e: \"\" must not be empty";
        const bool is_regex = request.pattern == TextPattern::regex;
        request.query += request.query.empty() ? "" : "|";
        request.query += is_regex ? "(?:" + pattern + ")" : quoted_for_regex(pattern);
    }
    request.pattern = TextPattern::regex;
    return {};
}

std::string choice_error(const JobChoice& choice) {
    const bool filtered = choice.all || choice.status || !choice.job_type.empty() || !choice.project.empty();
    if (choice.ids.empty() && !filtered) return "no job is named, must be ids, or --status, --type, --project or --all";
    if (choice.ids.empty() || !filtered) return {};
    return "jobs are named by id and by --status, --type, --project or --all, must be one or the other";
}

// What is wrong with a search; empty when it is complete.
std::string settle(Search& search, Format format, const Answers& answers) {
    const bool is_regex = search.request.pattern == TextPattern::regex;
    search.request.mode = answers.mode.value_or(is_regex ? SearchMode::literal : SearchMode::hybrid);
    if (auto wrong = take_queries(answers.patterns, search.request); !wrong.empty()) return wrong;
    complete(search, format, answers);
    return sort_types(answers.types, search.request.filter);
}

// What only several options together can break.
std::string combination_error(const CommandLine& line) {
    if (!line.global.data.empty() && !line.global.server.empty()) {
        return "--data and --server name two places, must be one of them";
    }
    if (!line.global.lake.empty() && !line.global.server.empty()) {
        return "--lake and --server name two places: the server knows its own lake";
    }
    if (!line.global.embedder.empty() && !line.global.server.empty()) {
        return "--embedder and --server cannot be said together: the server has an embedder of its own";
    }
    if (!line.global.vectors.empty() && !line.global.server.empty()) {
        return "--vectors and --server name two places: the server knows its own vector store";
    }
    if (const auto* copy = std::get_if<LakeCopy>(&line.command); copy != nullptr && copy->from == copy->to) {
        return "--from and --to are the same place, must be two";
    }
    if (const auto* copy = std::get_if<VectorsCopy>(&line.command); copy != nullptr && copy->from == copy->to) {
        return "--from and --to are the same place, must be two";
    }
    if (const auto* wait = std::get_if<JobsWait>(&line.command)) return choice_error(wait->choice);
    if (const auto* change = std::get_if<JobsChange>(&line.command)) return choice_error(change->choice);
    const auto* search = std::get_if<Search>(&line.command);
    if (search == nullptr || search->request.mode == SearchMode::literal) return {};
    if (search->request.pattern == TextPattern::regex) return "--regex needs --mode literal";
    if (search->request.whole_word) return "--word needs --mode literal";
    if (search->request.letter_case == LetterCase::ignore) {
        return "--ignore-case needs --mode literal; the other modes ignore case always";
    }
    return {};
}

Notice usage_notice(const std::string& message) {
    return {{}, "archaeologist: " + host::printable(message) + "\nRun with --help for more.\n", usage_error};
}

Notice notice_of(const CLI::App& app, const CLI::ParseError& event) {
    if (event.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
        const auto rest = app.remaining(true);
        const CLI::App* command = &app;
        while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
        const bool no_command = command->get_require_subcommand_min() > 0 && !rest.empty();
        return usage_notice(no_command ? '"' + rest.front() + "\" is no command" : event.what());
    }
    std::ostringstream output;
    std::ostringstream error;
    (void)app.exit(event, output, error);
    return {output.str(), error.str(), 0};
}

}  // namespace

std::variant<CommandLine, Notice> parse_command_line(int argc, const char* const* argv) {
    CLI::App app("Files in, searchable knowledge out.", "archaeologist");
    Answers answers;
    app.set_version_flag("--version", "archaeologist " + std::string(version()));
    app.require_subcommand(1);
    app.fallthrough();
    app.formatter(std::make_shared<HelpFormatter>());
    app.footer(
        "Results go to standard output, progress and logs to standard error.\n"
        "Exit: 0 done, 1 the work failed or nothing was found, 2 the command line names what is wrong\n"
        "or not there (search: any failure), 124 the time of jobs wait was over, 130 interrupted.");
    global_options(app, answers.global);
    ingest_command(app, answers);
    search_command(app, answers);
    jobs_commands(app, answers);
    queue_commands(app, answers);
    sources_commands(app, answers);
    projects_commands(app, answers);
    lake_commands(app, answers);
    vectors_commands(app, answers);
    doctor_command(app, answers);
    host::add_describe_option(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& event) {
        return notice_of(app, event);
    }
    CommandLine line{answers.global, answers.command};
    if (auto* search = std::get_if<Search>(&line.command)) {
        if (const auto wrong = settle(*search, line.global.format, answers); !wrong.empty()) return usage_notice(wrong);
    }
    if (const auto wrong = combination_error(line); !wrong.empty()) return usage_notice(wrong);
    return line;
}

}  // namespace archaeologist::cli
