#include "cli/command_line.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("jobs are chosen by their ids or by what they have in common, and cancel, retry and delete need a choice") {
    const char* const one = "01890000-0000-7000-8000-000000000001";
    const char* const other = "01890000-0000-7000-8000-000000000002";
    const auto cancel = command_of<JobsChange>({"jobs", "cancel", one, other});
    CHECK(cancel.action == BulkAction::cancel);
    CHECK(cancel.jobs.ids.size() == 2);
    const auto retry = command_of<JobsChange>({"jobs", "retry", "--status", "failed", "-p", "demo", "--type", "mine"});
    CHECK(retry.action == BulkAction::retry);
    CHECK(retry.jobs.status == JobStatus::failed);
    CHECK(retry.jobs.project == "demo");
    CHECK(retry.jobs.job_type == "mine");
    CHECK(command_of<JobsChange>({"jobs", "delete", one}).action == BulkAction::remove);
    for (const char* action : {"cancel", "retry", "delete"}) {
        CHECK(refusal_of({"jobs", action}).find("--status") != std::string::npos);
        CHECK(refusal_of({"jobs", action, one, "--status", "failed"}).find("not both") != std::string::npos);
        CHECK(refusal_of({"jobs", action, "12"}).find("\"12\"") != std::string::npos);
    }
}

TEST_CASE(
    "jobs wait waits for those chosen or for all, works meanwhile unless told not to, and may have a time limit") {
    auto wait = command_of<JobsWait>({"jobs", "wait"});
    CHECK(wait.jobs.ids.empty());
    CHECK_FALSE(wait.timeout.has_value());
    CHECK(wait.meanwhile == WhileWaiting::work);
    wait = command_of<JobsWait>({"jobs", "wait", "--no-work", "--timeout", "5", "-p", "demo"});
    CHECK(wait.timeout == std::chrono::seconds(5));
    CHECK(wait.meanwhile == WhileWaiting::look);
    CHECK(refusal_of({"jobs", "wait", "--timeout", "0"}).find("--timeout") != std::string::npos);
}

TEST_CASE("the queue is shown, paused and resumed") {
    command_of<QueueShow>({"queue", "stats"});
    command_of<QueuePause>({"queue", "pause"});
    command_of<QueueResume>({"queue", "resume"});
    CHECK_FALSE(refusal_of({"queue"}).empty());
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
