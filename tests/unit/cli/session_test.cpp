#include "cli/session.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "host/lake_settings.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

class World {
public:
    // The program's settings, with this file as --config.
    Result<host::Settings> settings(const std::string& file) {
        global.config = folder_.write("program.conf", file);
        return settings_of(global, environment());
    }
    [[nodiscard]] host::Environment environment() const {
        return [this](const char* name) {
            const auto found = variables.find(name);
            return found == variables.end() ? std::string() : found->second;
        };
    }

    Global global;
    std::map<std::string, std::string> variables;

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a flag beats the environment, which beats the file, which beats the default") {
    World world;
    const std::string file = "data = /of/file\nlog-level = error\nproject = of-file\n";
    CHECK(world.settings("")->text("log-level") == "warning");
    CHECK(world.settings(file)->text("data") == "/of/file");
    CHECK(world.settings(file)->text("log-level") == "error");
    CHECK(world.settings(file)->text("project") == "of-file");
    world.variables = {{"ARCHAEOLOGIST_DATA", "/of/environment"}, {"ARCHAEOLOGIST_PROJECT", "of-environment"}};
    CHECK(world.settings(file)->text("data") == "/of/environment");
    CHECK(world.settings(file)->text("project") == "of-environment");
    world.global.data = "/of/flag";
    world.global.log_level = "debug";
    CHECK(world.settings(file)->text("data") == "/of/flag");
    CHECK(world.settings(file)->text("log-level") == "debug");
}

TEST_CASE("the environment names a file where no flag does") {
    World world;
    REQUIRE(world.settings("project = of-file\n").has_value());
    world.variables["ARCHAEOLOGIST_CONFIG"] = world.global.config;
    world.global.config.clear();
    CHECK(settings_of(world.global, world.environment())->text("project") == "of-file");
}

TEST_CASE("a daemon's file says where its data is, and what is the daemon's alone is passed over") {
    World world;
    const auto settings = world.settings(
        "data = /srv/archaeologist\nlisten = 127.0.0.1:9\nworkers = 2\nconcurrency = 3\nqueue = redis\n"
        "redis-url = redis://queue\nqueue-shards = 4\nlake = s3://bucket\ns3-access-key = who\nworker-id = "
        "of-the-daemon\nhandler = [\"a=/bin/x\"]\n");
    REQUIRE(settings.has_value());
    CHECK(settings->text("data") == "/srv/archaeologist");
    CHECK(settings->text("redis-url") == "redis://queue");
    CHECK(settings->integer("queue-shards") == 4);
    CHECK(host::lake_of(*settings).url == "s3://bucket");
    CHECK(host::lake_of(*settings).credentials.access_key == "who");
}

TEST_CASE("a file's line that no program knows, or with a wrong value, is refused") {
    World world;
    const auto unknown = world.settings("dtaa = /srv\n");
    REQUIRE(!unknown.has_value());
    CHECK(unknown.error().message.find("\"dtaa\" is no setting") != std::string::npos);
    const auto wrong = world.settings("log-level = loud\n");
    REQUIRE(!wrong.has_value());
    CHECK(wrong.error().message.find("must be one of debug, info, warning, error") != std::string::npos);
    world.global.config = "/nonexistent/file";
    CHECK(settings_of(world.global, world.environment()).error().code == Code::invalid_argument);
}

TEST_CASE("of a server and a data folder the nearer one is meant") {
    World world;
    const auto is_server = [&world](const std::string& file) {
        const auto settings = world.settings(file);
        REQUIRE(settings.has_value());
        const Session session{world.global, *settings, world.environment(), {}};
        const auto service = session.open(IfMissing::refuse);
        // Without either: the folder is refused for not being there, the server's URL for not being one.
        REQUIRE(!service.has_value());
        return service.error().code == Code::invalid_argument;
    };
    CHECK(is_server("server = nonsense\n"));
    CHECK(is_server("server = nonsense\ndata = /nonexistent/folder\n"));
    world.variables["ARCHAEOLOGIST_DATA"] = "/nonexistent/folder";
    CHECK(!is_server("server = nonsense\n"));
    world.variables["ARCHAEOLOGIST_URL"] = "nonsense";
    CHECK(is_server("data = /nonexistent/folder\n"));
    world.global.data = "/nonexistent/folder";
    CHECK(!is_server("server = nonsense\n"));
}

TEST_CASE("a project is the flag's, else the environment's, else the file's, and its origin is told") {
    World world;
    const auto settings = world.settings("project = of-file\n");
    REQUIRE(settings.has_value());
    const Session session{world.global, *settings, world.environment(), {}};
    CHECK(session.project_choice("of-flag", ".").name == "of-flag");
    CHECK(session.project_choice("", ".").name == "of-file");
    CHECK(session.project_choice("", ".").origin == world.global.config);
    CHECK(session.command_to_type("doctor") == "archaeologist doctor --config " + world.global.config);
}
