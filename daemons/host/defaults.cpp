#include "host/defaults.hpp"

#include <filesystem>
#include <optional>
#include <system_error>

#include "host/printable.hpp"

namespace archaeologist::host {
namespace {

namespace fs = std::filesystem;

// The folder that holds .git (a folder, or a file in a worktree or submodule), at `path` or above.
std::optional<fs::path> git_root(const std::string& path) {
    std::error_code failure;
    fs::path folder = fs::weakly_canonical(fs::absolute(path, failure), failure);
    if (failure) return std::nullopt;
    while (true) {
        if (fs::exists(folder / ".git", failure)) return folder;
        if (!folder.has_relative_path()) return std::nullopt;
        folder = folder.parent_path();
    }
}

bool can_name_project(const std::string& name) {
    return !name.empty() && name.size() <= 200 && printable(name) == name;
}

}  // namespace

Result<std::string> data_dir(const std::string& flag, const Environment& environment) {
    if (!flag.empty()) return flag;
    if (auto folder = environment("ARCHAEOLOGIST_DATA"); !folder.empty()) return folder;
    // The XDG specification has relative values ignored.
    if (auto folder = environment("XDG_DATA_HOME"); folder.starts_with('/')) return folder + "/archaeologist";
    if (auto folder = environment("HOME"); !folder.empty()) return folder + "/.local/share/archaeologist";
    return Error{
        Code::invalid_argument,
        "--data is missing, and none of ARCHAEOLOGIST_DATA, XDG_DATA_HOME, HOME is set: say where data is kept"};
}

ProjectChoice project_choice(const std::string& flag, const Environment& environment, const std::string& path) {
    if (!flag.empty()) return {flag, "--project"};
    if (auto name = environment("ARCHAEOLOGIST_PROJECT"); !name.empty()) return {name, "$ARCHAEOLOGIST_PROJECT"};
    if (const auto root = git_root(path); root && can_name_project(root->filename().string())) {
        return {root->filename().string(), "the Git root " + root->string()};
    }
    return {"default", "the default"};
}

}  // namespace archaeologist::host
