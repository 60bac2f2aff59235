#include "cli/command_line.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "archaeologist/version.hpp"

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

std::variant<CommandLine, Notice> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "archaeologist");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

template <class Command>
Command command_of(const std::vector<const char*>& arguments) {
    auto parsed = parse(arguments);
    if (const auto* notice = std::get_if<Notice>(&parsed)) FAIL(notice->error);
    auto* command = std::get_if<Command>(&std::get<CommandLine>(parsed).command);
    REQUIRE(command != nullptr);
    return *command;
}

std::string refusal_of(const std::vector<const char*>& arguments) {
    const auto parsed = parse(arguments);
    const auto* notice = std::get_if<Notice>(&parsed);
    REQUIRE(notice != nullptr);
    CHECK(notice->exit_code == 2);
    CHECK(notice->output.empty());
    return notice->error;
}

}  // namespace

TEST_CASE("ingest takes any number of paths, as they are written") {
    const auto ingest = command_of<Ingest>({"ingest", "src", "[a,b]", "--all", "x y", "--force", "--priority", "high"});
    CHECK(ingest.paths == std::vector<std::string>{"src", "[a,b]", "x y"});
    CHECK(ingest.all);
    CHECK(ingest.if_unchanged == IfUnchanged::process_again);
    CHECK(ingest.priority == Priority::high);
    CHECK(command_of<Ingest>({"ingest", "--", "-dash"}).paths == std::vector<std::string>{"-dash"});
}

TEST_CASE("search takes its options before and after the query, with the documented defaults") {
    auto search = command_of<Search>({"search", "lease lost"});
    CHECK(search.request.query == "lease lost");
    CHECK(search.request.mode == SearchMode::hybrid);
    CHECK(search.request.limit == 10);
    CHECK(search.project.empty());

    search = command_of<Search>({"search", "-m", "literal", "-i", "-w", "-g", "**/*.sql", "-t", "sql", "lease",
                                 "--limit", "3", "--offset", "4", "-p", "demo"});
    CHECK(search.request.query == "lease");
    CHECK(search.request.mode == SearchMode::literal);
    CHECK(search.request.letter_case == LetterCase::ignore);
    CHECK(search.request.whole_word);
    CHECK(search.request.filter.path_glob == "**/*.sql");
    CHECK(search.request.filter.file_types == std::vector<std::string>{"sql"});
    CHECK(search.request.limit == 3);
    CHECK(search.request.offset == 4);
    CHECK(search.project == "demo");
}

TEST_CASE("a query may look like an option behind two dashes, and like a list") {
    CHECK(command_of<Search>({"search", "--", "--force"}).request.query == "--force");
    CHECK(command_of<Search>({"search", "-e", "--force"}).request.query == "--force");
    CHECK(command_of<Search>({"search", "[1,2]"}).request.query == "[1,2]");
    CHECK(command_of<Search>({"search", "\"quoted\""}).request.query == "\"quoted\"");
    CHECK(command_of<Search>({"search", "a=b {c}"}).request.query == "a=b {c}");
}

TEST_CASE("types of files and languages are told apart, and do not mix") {
    auto filter = command_of<Search>({"search", "x", "-t", "code", "-t", "md"}).request.filter;
    CHECK(filter.file_types == std::vector<std::string>{"code", "markdown"});
    filter = command_of<Search>({"search", "x", "-t", "cpp", "-t", "cobol"}).request.filter;
    CHECK(filter.languages == std::vector<std::string>{"c++", "cobol"});
    CHECK(refusal_of({"search", "x", "-t", "code", "-t", "cpp"}).find("--type") != std::string::npos);
}

TEST_CASE("programs get every line unless they say how many") {
    const auto grep = command_of<Search>({"search", "x", "--format", "grep"}).request;
    CHECK(grep.limit == 1'000);
    CHECK(grep.per_source == 0);
    CHECK(command_of<Search>({"search", "x", "--format", "vimgrep", "--limit", "5"}).request.limit == 5);
    CHECK(command_of<Search>({"search", "x", "--format", "json"}).request.per_source == 3);
    CHECK(command_of<Search>({"search", "x", "-m", "literal"}).request.per_source == 0);
    CHECK(command_of<Search>({"search", "x", "-m", "literal", "--per-file", "2"}).request.per_source == 2);
}

TEST_CASE("what all commands share may stand on either side of the command") {
    for (const auto& arguments : {std::vector<const char*>{"--json", "--data", "d", "projects", "list"},
                                  std::vector<const char*>{"projects", "list", "--data", "d", "--json"}}) {
        const auto parsed = parse(arguments);
        REQUIRE(std::holds_alternative<CommandLine>(parsed));
        const auto& global = std::get<CommandLine>(parsed).global;
        CHECK(global.data == "d");
        CHECK(global.format == Format::json);
    }
}

TEST_CASE("a value that is none of its names is refused with the names") {
    CHECK(refusal_of({"search", "x", "--mode", "fuzzy"}).find("hybrid, words, semantic, literal") != std::string::npos);
    CHECK(refusal_of({"ingest", "x", "--priority", "asap"}).find("\"asap\"") != std::string::npos);
    CHECK(refusal_of({"jobs", "list", "--status", "lost"}).find("cancelled") != std::string::npos);
    CHECK(refusal_of({"jobs", "show", "12"}).find("\"12\"") != std::string::npos);
    CHECK(refusal_of({"search", "x", "--limit", "1001"}).find("--limit") != std::string::npos);
    CHECK(refusal_of({"search", "x", "--offset", "-1"}).find("--offset") != std::string::npos);
    CHECK(refusal_of({"nosuch"}).find("nosuch") != std::string::npos);
    CHECK_FALSE(refusal_of({}).empty());
}

namespace {

constexpr const char* first_id = "01890000-0000-7000-8000-000000000001";
constexpr const char* second_id = "01890000-0000-7000-8000-000000000002";

}  // namespace

TEST_CASE("jobs are named by their ids, each once, in the order given") {
    const auto cancel = command_of<JobsChange>({"jobs", "cancel", second_id, first_id, second_id});
    CHECK(cancel.action == BulkAction::cancel);
    CHECK(cancel.choice.ids == std::vector{JobId(*Uuid::parse(second_id)), JobId(*Uuid::parse(first_id))});
    CHECK(command_of<JobsChange>({"jobs", "retry", first_id}).action == BulkAction::retry);
    CHECK(command_of<JobsChange>({"jobs", "delete", first_id}).action == BulkAction::remove);
    CHECK(refusal_of({"jobs", "delete", first_id, "12"}).find("\"12\"") != std::string::npos);
}

TEST_CASE("jobs are named by a filter where no id is") {
    const auto retry =
        command_of<JobsChange>({"jobs", "retry", "--status", "cancelled", "--type", "file_processing", "-p", "demo"});
    CHECK(retry.choice.ids.empty());
    CHECK(retry.choice.status == JobStatus::cancelled);
    CHECK(retry.choice.job_type == "file_processing");
    CHECK(retry.choice.project == "demo");
    CHECK_FALSE(retry.choice.all);
    CHECK(command_of<JobsChange>({"jobs", "delete", "--all"}).choice.all);
}

TEST_CASE("a command on jobs is refused when it names none, or names them both ways") {
    for (const auto* name : {"wait", "cancel", "retry", "delete"}) {
        INFO(name);
        CHECK(refusal_of({"jobs", name}).find("--all") != std::string::npos);
        CHECK(refusal_of({"jobs", name, first_id, "--all"}).find("one or the other") != std::string::npos);
        CHECK(refusal_of({"jobs", name, first_id, "--type", "x"}).find("one or the other") != std::string::npos);
    }
}

TEST_CASE("an empty filter is refused, so that a variable that is not set deletes nothing") {
    CHECK(refusal_of({"jobs", "delete", "--status", "failed", "--project", ""}).find("--project") != std::string::npos);
    CHECK(refusal_of({"jobs", "delete", "--status", "failed", "--type="}).find("--type") != std::string::npos);
}

TEST_CASE("only a status that the command can apply to is taken") {
    CHECK(command_of<JobsChange>({"jobs", "cancel", "--status", "running"}).choice.status == JobStatus::running);
    CHECK(refusal_of({"jobs", "cancel", "--status", "failed"}).find("pending, queued, running") != std::string::npos);
    CHECK(refusal_of({"jobs", "wait", "--status", "completed"}).find("pending, queued, running") != std::string::npos);
    for (const auto* name : {"retry", "delete"}) {
        CHECK(refusal_of({"jobs", name, "--status", "queued"}).find("completed, failed, cancelled") !=
              std::string::npos);
    }
}

TEST_CASE("a wait works and has no end unless it is told") {
    auto wait = command_of<JobsWait>({"jobs", "wait", first_id});
    CHECK(wait.choice.ids.size() == 1);
    CHECK(wait.work == WorkHere::yes);
    CHECK_FALSE(wait.timeout.has_value());
    wait = command_of<JobsWait>({"jobs", "wait", "--all", "--timeout", "0", "--no-work"});
    CHECK(wait.timeout == std::chrono::seconds{0});
    CHECK(wait.work == WorkHere::no);
    for (const auto* seconds : {"-1", "31536001", "1.5", "soon", "nan"}) {
        CHECK(refusal_of({"jobs", "wait", "--all", "--timeout", seconds}).find("--timeout") != std::string::npos);
    }
}

TEST_CASE("the queue is shown, paused and resumed by one word each") {
    (void)command_of<QueueStatsShow>({"queue", "stats"});
    (void)command_of<QueuePause>({"queue", "pause"});
    (void)command_of<QueueResume>({"queue", "resume"});
    CHECK(refusal_of({"queue", "stop"}).find("\"stop\" is no command") != std::string::npos);
    CHECK_FALSE(refusal_of({"queue"}).empty());
}

TEST_CASE("sources are named by their ids, each once") {
    CHECK(command_of<SourcesShow>({"sources", "show", "12", "-p", "demo"}).id == SourceId{12});
    const auto removal = command_of<SourcesChange>({"sources", "delete", "3", "1", "3"});
    CHECK(removal.action == SourceAction::remove);
    CHECK(removal.ids == std::vector{SourceId{3}, SourceId{1}});
    const auto again = command_of<SourcesChange>({"sources", "reprocess", "3", "--priority", "low"});
    CHECK(again.action == SourceAction::reprocess);
    CHECK(again.priority == Priority::low);
    for (const char* const id : {"0", "-1", "a.txt", "1.5", ""}) {
        CHECK_FALSE(refusal_of({"sources", "delete", id}).empty());
    }
    CHECK_FALSE(refusal_of({"sources", "delete"}).empty());
}

TEST_CASE("a project is deleted by its name, which is never guessed") {
    CHECK(command_of<ProjectsDelete>({"projects", "delete", "demo"}).name == "demo");
    CHECK_FALSE(refusal_of({"projects", "delete"}).empty());
    CHECK(refusal_of({"projects", "delete", ""}).find("must not be empty") != std::string::npos);
}

TEST_CASE("a server is named before or after the command, and not beside a data folder") {
    for (const auto& arguments : {std::vector<const char*>{"--server", "http://a", "doctor"},
                                  std::vector<const char*>{"doctor", "--server", "http://a"}}) {
        (void)command_of<Doctor>(arguments);
        const auto parsed = parse(arguments);
        CHECK(std::get<CommandLine>(parsed).global.server == "http://a");
    }
    CHECK(refusal_of({"doctor", "--server", "http://a", "--data", "b"}).find("--data and --server") !=
          std::string::npos);
}

TEST_CASE("an option that its mode cannot obey is refused") {
    CHECK(refusal_of({"search", "x", "-w"}).find("--mode literal") != std::string::npos);
    CHECK(refusal_of({"search", "x", "-i", "--mode", "words"}).find("--mode literal") != std::string::npos);
}

TEST_CASE("escape bytes in a wrong argument are not echoed to the terminal") {
    CHECK(refusal_of({"search", "x", "--mode", "\033[2J"}).find('\033') == std::string::npos);
}

TEST_CASE("help and version are no errors") {
    for (const auto& arguments : {std::vector<const char*>{"--help"}, std::vector<const char*>{"search", "--help"}}) {
        const auto parsed = parse(arguments);
        REQUIRE(std::holds_alternative<Notice>(parsed));
        CHECK(std::get<Notice>(parsed).exit_code == 0);
        CHECK(std::get<Notice>(parsed).error.empty());
        CHECK_FALSE(std::get<Notice>(parsed).output.empty());
    }
    CHECK(std::get<Notice>(parse({"--version"})).output == "archaeologist " + std::string(version()) + "\n");
}

TEST_CASE("a regular expression means literal mode, and several queries become one") {
    auto request = command_of<Search>({"search", "-E", "a+b"}).request;
    CHECK(request.mode == SearchMode::literal);
    CHECK(request.pattern == TextPattern::regex);
    CHECK(request.query == "a+b");
    request = command_of<Search>({"search", "-m", "literal", "-e", "a.b_c", "-e", "(é)"}).request;
    CHECK(request.pattern == TextPattern::regex);
    CHECK(request.query == "a\\.b_c|\\(é\\)");
    CHECK(command_of<Search>({"search", "-E", "-e", "a|b", "-e", "c"}).request.query == "(?:a|b)|(?:c)");
    CHECK(refusal_of({"search", "-E", "x", "-m", "words"}).find("--regex needs --mode literal") != std::string::npos);
    CHECK(refusal_of({"search", "-e", "x", "-e", "y"}).find("several -e need") != std::string::npos);
    CHECK(refusal_of({"search", "-e", "x", "y"}).find("must be one of them") != std::string::npos);
    CHECK(refusal_of({"search"}).find("QUERY is required") != std::string::npos);
}

TEST_CASE("context and colour are as grep names them") {
    auto search = command_of<Search>({"search", "x", "-C", "3", "-A", "5"});
    CHECK(search.context->before == 3);
    CHECK(search.context->after == 5);
    CHECK(search.request.context_lines == 5);
    CHECK(search.colour == Colour::automatic);
    search = command_of<Search>({"search", "x", "--color", "always"});
    CHECK(search.colour == Colour::always);
    CHECK_FALSE(search.context);
    CHECK(refusal_of({"search", "x", "-C", "101"}).find("--context") != std::string::npos);
}
