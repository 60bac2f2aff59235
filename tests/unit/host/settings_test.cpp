#include "host/settings.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

using Kind = Setting::Kind;

std::vector<Setting> table() {
    return {
        {"listen", "", Kind::text, "127.0.0.1:1", "HOST:PORT", "Where", 0, 0, {}},
        {"timeout", "JOB_TIMEOUT", Kind::integer, "60", "N", "How long", 1, 100, {}},
        {"workers", "", Kind::integer, "auto", "N", "How many", 0, 8, {}},
        {"body-max", "", Kind::size, "4M", "BYTES", "How much", 1'024, std::int64_t{1} << 40, {}},
        {"open", "", Kind::flag, "false", "", "Whether", 0, 0, {}},
        {"handler", "", Kind::list, "", "TYPE=COMMAND", "Which", 0, 0, {}},
        {"level", "", Kind::text, "info", "NAME", "What", 0, 0, {"info", "error"}},
        {"key", "API_KEY", Kind::secret, "", "KEY", "Secret", 0, 0, {}},
    };
}

std::variant<Settings, Settings::Notice> parse(std::vector<const char*> flags,
                                               std::map<std::string, std::string> variables = {}) {
    flags.insert(flags.begin(), "program");
    const Environment environment = [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    };
    return Settings::parse({"program", "Does it.", "End."}, table(), static_cast<int>(flags.size()), flags.data(),
                           environment);
}

Settings parsed(std::vector<const char*> flags, std::map<std::string, std::string> variables = {}) {
    auto out = parse(std::move(flags), std::move(variables));
    if (const auto* notice = std::get_if<Settings::Notice>(&out)) FAIL(notice->error);
    return std::get<Settings>(std::move(out));
}

std::string complaint(std::vector<const char*> flags, std::map<std::string, std::string> variables = {}) {
    const auto out = parse(std::move(flags), std::move(variables));
    const auto* notice = std::get_if<Settings::Notice>(&out);
    REQUIRE(notice != nullptr);
    CHECK(notice->exit_code == 2);
    CHECK(notice->output.empty());
    return notice->error;
}

class File {
public:
    explicit File(const std::string& content) : path_(folder_.write("program.conf", content)) {}
    [[nodiscard]] const char* path() const { return path_.c_str(); }

private:
    TemporaryFolder folder_;
    std::string path_;
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("flag beats environment beats file beats default, and the origin is known") {
    const File file("timeout = 10\nlisten = 127.0.0.1:2\n");
    const auto nothing = parsed({});
    CHECK(nothing.integer("timeout") == 60);
    CHECK(nothing.is_default("timeout"));
    const auto of_file = parsed({"--config", file.path()});
    CHECK(of_file.integer("timeout") == 10);
    CHECK(of_file.text("listen") == "127.0.0.1:2");
    CHECK(of_file.origin("timeout") == file.path());
    const auto of_environment = parsed({"--config", file.path()}, {{"JOB_TIMEOUT", "20"}});
    CHECK(of_environment.integer("timeout") == 20);
    CHECK(of_environment.origin("timeout") == "$JOB_TIMEOUT");
    const auto of_flag = parsed({"--config", file.path(), "--timeout", "30"}, {{"JOB_TIMEOUT", "20"}});
    CHECK(of_flag.integer("timeout") == 30);
    CHECK(of_flag.origin("timeout") == "--timeout");
    CHECK(parsed({}, {{"ARCHAEOLOGIST_CONFIG", file.path()}}).integer("timeout") == 10);
}

TEST_CASE("sizes have units of 1024") {
    const auto size = [](const char* text) { return parsed({"--body-max", text}).integer("body-max"); };
    CHECK(parsed({}).integer("body-max") == 4 << 20);
    CHECK(size("2048") == 2'048);
    CHECK(size("64K") == 64 << 10);
    CHECK(size("64k") == 64 << 10);
    CHECK(size("3M") == 3 << 20);
    CHECK(size("2G") == std::int64_t{2} << 30);
    CHECK(size("1T") == std::int64_t{1} << 40);
    for (const char* text : {"1", "2T", "K", "1.5M", "64KB", "9999999999T", "x"}) {
        CAPTURE(text);
        CHECK(holds(complaint({"--body-max", text}), "must be 1024 to 1099511627776"));
    }
}

TEST_CASE("a wrong value is named with where it came from and what it may be") {
    CHECK(holds(complaint({"--timeout", "0"}), R"(timeout is "0" (--timeout), must be 1 to 100)"));
    CHECK(holds(complaint({}, {{"JOB_TIMEOUT", "soon"}}), R"(timeout is "soon" ($JOB_TIMEOUT), must be 1 to 100)"));
    CHECK(holds(complaint({"--workers", "9"}), R"(workers is "9" (--workers), must be 0 to 8 or auto)"));
    CHECK(holds(complaint({"--level", "loud"}), R"(level is "loud" (--level), must be one of info, error)"));
    CHECK(holds(complaint({"--timeout", "1", "--timeout", "2"}), "timeout is given 2 times (--timeout), must be once"));
    CHECK(parsed({"--workers", "auto"}).text("workers") == "auto");
    const File flag("open = maybe\n");
    CHECK(holds(complaint({"--config", flag.path()}), "must be true or false"));
    const File unknown("timeuot = 3\n");
    CHECK(holds(complaint({"--config", unknown.path()}), "\"timeuot\" is no setting of this program"));
    const File section("[part]\ntimeout = 3\n");
    CHECK(holds(complaint({"--config", section.path()}), "is no setting of this program"));
    CHECK(holds(complaint({"--config", "/nonexistent/file"}), "cannot be read"));
    CHECK(holds(complaint({"--no-such-flag"}), "Run with --help"));
    CHECK(holds(complaint({"dance"}), "Run with --help"));
}

TEST_CASE("a list has all its values, whether of flags or of a file") {
    CHECK(parsed({}).list("handler").empty());
    const std::vector<std::string> both{"a=/bin/x --y", "b=/bin/z"};
    CHECK(parsed({"--handler", "a=/bin/x --y", "--handler", "b=/bin/z"}).list("handler") == both);
    const File file("handler = [\"a=/bin/x --y\", \"b=/bin/z\"]\nopen = true\n");
    const auto of_file = parsed({"--config", file.path()});
    CHECK(of_file.list("handler") == both);
    CHECK(of_file.flag("open"));
    CHECK(parsed({"--open"}).flag("open"));
}

TEST_CASE("a comment may stand behind a value, and a number sign within one") {
    const File file("# all of it\ntimeout = 10  # seconds\nhandler = [\"a=/bin/x # y\"]\nlisten = host#1:2\t# where\n");
    const auto settings = parsed({"--config", file.path()});
    CHECK(settings.integer("timeout") == 10);
    CHECK(settings.list("handler") == std::vector<std::string>{"a=/bin/x # y"});
    CHECK(settings.text("listen") == "host#1:2");
}

TEST_CASE("the report says all settings with their origins, as a file, and no secret") {
    const auto settings = parsed({"--check-config", "--handler", "a=/bin/x"}, {{"API_KEY", "hunter2"}});
    CHECK(settings.action() == Settings::Action::check_config);
    const auto report = settings.report();
    CHECK(holds(report, "timeout = \"60\"  # default\n"));
    CHECK(holds(report, "handler = [\"a=/bin/x\"]  # --handler\n"));
    CHECK(holds(report, "key = \"********\"  # $API_KEY\n"));
    CHECK_FALSE(holds(report, "hunter2"));
    const File file(report);
    CHECK(parsed({"--config", file.path()}).list("handler") == std::vector<std::string>{"a=/bin/x"});
    CHECK(parsed({"--config", file.path()}).integer("body-max") == 4 << 20);
}

TEST_CASE("help and version are printed instead of run, and doctor is an action") {
    const auto help = parse({"--help"});
    CHECK(std::get<Settings::Notice>(help).exit_code == 0);
    CHECK(holds(std::get<Settings::Notice>(help).output, "$JOB_TIMEOUT"));
    CHECK(holds(std::get<Settings::Notice>(parse({"--version"})).output, "program "));
    CHECK(parsed({"doctor"}).action() == Settings::Action::doctor);
    CHECK(parsed({}).action() == Settings::Action::run);
}
