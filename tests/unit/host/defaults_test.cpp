#include "host/defaults.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const char* name) {
        const auto found = values.find(name);
        return found == values.end() ? std::string() : found->second;
    };
}

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "archaeologist-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("the data folder is the flag's, else the environment's, in the documented order") {
    const std::map<std::string, std::string> all{{"ARCHAEOLOGIST_DATA", "/a"}, {"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}};
    CHECK(data_dir("/flag", environment(all)).value() == "/flag");
    CHECK(data_dir("", environment(all)).value() == "/a");
    CHECK(data_dir("", environment({{"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}})).value() == "/x/archaeologist");
    CHECK(data_dir("", environment({{"HOME", "/h"}})).value() == "/h/.local/share/archaeologist");
    CHECK(data_dir("", environment({{"XDG_DATA_HOME", "relative"}, {"HOME", "/h"}})).value() ==
          "/h/.local/share/archaeologist");
    CHECK(data_dir("", environment({})).error().code == Code::invalid_argument);
}

TEST_CASE("the project is the flag's, else the environment's, else the Git root's name, else the default") {
    const TemporaryFolder folder;
    const auto root = folder.path() / "legacy-billing";
    std::filesystem::create_directories(root / "src/deep");
    const std::string deep = root / "src/deep";
    CHECK(project_choice("", environment({}), deep).name == "default");
    std::filesystem::create_directory(root / ".git");
    CHECK(project_choice("", environment({}), deep).name == "legacy-billing");
    CHECK(project_choice("", environment({}), root / "src/../src/deep/no-such-file").name == "legacy-billing");
    CHECK(project_choice("", environment({{"ARCHAEOLOGIST_PROJECT", "named"}}), deep).name == "named");
    CHECK(project_choice("flag", environment({{"ARCHAEOLOGIST_PROJECT", "named"}}), deep).name == "flag");
}

TEST_CASE("a Git worktree's .git file marks its root too") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "worktree");
    std::ofstream(folder.path() / "worktree/.git") << "gitdir: elsewhere\n";
    CHECK(project_choice("", environment({}), folder.path() / "worktree").name == "worktree");
}

TEST_CASE("a folder name that no project may have counts as none") {
    const TemporaryFolder folder;
    const auto root = folder.path() / "bad\033name";
    std::filesystem::create_directories(root / ".git");
    CHECK(project_choice("", environment({}), root).name == "default");
}
