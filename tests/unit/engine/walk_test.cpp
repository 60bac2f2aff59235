#include "archaeologist/walk.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
namespace fs = std::filesystem;

namespace {

struct Walked {
    std::vector<std::string> names;
    std::vector<std::string> problems;
};

Walked walk(const std::vector<std::string>& paths, const WalkOptions& options = {}) {
    Walked walked;
    const Status done = walk_files(
        paths, options,
        [&](const Found& found) {
            walked.names.push_back(found.name);
            return Visit::go_on;
        },
        [&](const std::string&, const Error& error) { walked.problems.push_back(error.message); });
    REQUIRE(done);
    return walked;
}

void make(const std::string& path) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << "x";
}

}  // namespace

TEST_CASE("files come sorted, named from the folder that was given") {
    const TemporaryFolder folder;
    const std::string top = folder.path() + "/top";
    for (const auto* name : {"b", "a/2", "a/1", "c"}) make(top + "/" + name);
    CHECK(walk({top}).names == std::vector<std::string>{"top/a/1", "top/a/2", "top/b", "top/c"});
    CHECK(walk({top + "/"}).names == walk({top}).names);
    CHECK(walk({top + "/a/1"}).names == std::vector<std::string>{"1"});
}

TEST_CASE("inside a Git working copy names begin at its root") {
    const TemporaryFolder folder;
    make(folder.path() + "/.git/HEAD");
    make(folder.path() + "/lib/a");
    CHECK(walk({folder.path()}).names == std::vector<std::string>{"lib/a"});
    CHECK(walk({folder.path() + "/lib"}).names == std::vector<std::string>{"lib/a"});
    CHECK(walk({folder.path() + "/lib/a"}).names == std::vector<std::string>{"lib/a"});
}

TEST_CASE("ignored folders are left out unless everything is wanted") {
    const TemporaryFolder folder;
    const std::string top = folder.path() + "/top";
    for (const auto* name : {".git/x", "node_modules/x", "a.o", "a.c"}) make(top + "/" + name);
    std::ofstream(top + "/.gitignore") << "*.o\n";
    CHECK(walk({top}).names == std::vector<std::string>{".gitignore", "a.c"});
    CHECK(walk({top}, {.all = true, .excluded_folder = {}}).names ==
          std::vector<std::string>{".git/x", ".gitignore", "a.c", "a.o", "node_modules/x"});
}

TEST_CASE("a folder loop by symlinks ends, and links met on the way are not followed") {
    const TemporaryFolder folder;
    const std::string top = folder.path() + "/top";
    make(top + "/a/file");
    fs::create_directory_symlink(top, top + "/a/loop");
    fs::create_symlink(top + "/a/file", top + "/link");
    CHECK(walk({top}).names == std::vector<std::string>{"top/a/file"});
    CHECK(walk({top + "/a/loop"}).names == std::vector<std::string>{"top/a/file"});
    CHECK(walk({top + "/link"}).names.size() == 1);
}

TEST_CASE("the data folder is never taken into itself") {
    const TemporaryFolder folder;
    const std::string top = folder.path() + "/top";
    make(top + "/data/catalog.db");
    make(top + "/file");
    const WalkOptions options{.all = false, .excluded_folder = top + "/data"};
    CHECK(walk({top}, options).names == std::vector<std::string>{"top/file"});
    const auto itself = walk({top + "/data"}, options);
    CHECK(itself.names.empty());
    CHECK(itself.problems.size() == 1);
}

TEST_CASE("an unknown path is refused before anything is visited") {
    const TemporaryFolder folder;
    make(folder.path() + "/file");
    const std::vector<std::string> paths{folder.path() + "/file", folder.path() + "/missing"};
    int visited = 0;
    const Status done = walk_files(
        paths, {},
        [&](const Found&) {
            ++visited;
            return Visit::go_on;
        },
        [](const std::string&, const Error&) {});
    REQUIRE(!done);
    CHECK(done.error().code == Code::invalid_argument);
    CHECK(done.error().message == "path " + folder.path() + "/missing does not exist");
    CHECK(visited == 0);
    CHECK(!walk_files(
        {}, {}, [](const Found&) { return Visit::go_on; }, [](const std::string&, const Error&) {}));
}

TEST_CASE("a pipe among files is passed over, and one that was given is a problem") {
    const TemporaryFolder folder;
    const std::string top = folder.path() + "/top";
    make(top + "/file");
    REQUIRE(::mkfifo((top + "/pipe").c_str(), 0600) == 0);
    CHECK(walk({top}).names == std::vector<std::string>{"top/file"});
    CHECK(walk({top + "/pipe"}).problems.size() == 1);
}

TEST_CASE("the visitor can stop the walk") {
    const TemporaryFolder folder;
    for (const auto* name : {"top/a", "top/b", "top/c"}) make(folder.path() + "/" + name);
    const std::vector<std::string> paths{folder.path() + "/top"};
    int visited = 0;
    REQUIRE(walk_files(
        paths, {}, [&](const Found&) { return ++visited == 2 ? Visit::stop : Visit::go_on; },
        [](const std::string&, const Error&) {}));
    CHECK(visited == 2);
}

TEST_CASE("names that are not UTF-8 become so without colliding") {
    CHECK(printable_name("plain\\name") == "plain\\name");
    CHECK(printable_name("line\nbreak") == "line\nbreak");
    CHECK(printable_name("caf\xE9") == "caf\\xE9");
    CHECK(printable_name("\\xE9\xE9") == "\\x5CxE9\\xE9");
}
