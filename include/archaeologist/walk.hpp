// Finds the files below paths, in a fixed order, and says what each is called in a project.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

namespace archaeologist {

struct Found {
    std::string path;        // to open it: as the argument was given, raw bytes
    std::string name;        // what it is called in a project
    std::uint64_t size = 0;  // bytes
};

enum class Visit : std::uint8_t { go_on, stop };

struct WalkOptions {
    bool all = false;             // also .git, .hg, .svn, node_modules and what .gitignore files name
    std::string excluded_folder;  // never entered, by whatever path; empty = none
};

using FileVisitor = std::function<Visit(Found)>;
using ProblemVisitor = std::function<void(const std::string& path, const Error&)>;

// Errors: invalid_argument (none given, or one that is not there: all are looked at before anything is done).
[[nodiscard]] Status check_paths(std::span<const std::string> paths);

// Visits every regular file, folders sorted by name. Links met on the way are not followed, so there are no loops; one
// given as an argument is. What cannot be read is handed to on_problem, and the walk goes on.
[[nodiscard]] Status walk_files(std::span<const std::string> paths, const WalkOptions& options,
                                const FileVisitor& on_file, const ProblemVisitor& on_problem);

// The nearest folder at or above `path` that holds a .git; absolute.
[[nodiscard]] std::optional<std::string> git_root(const std::string& path);

// A name as UTF-8: where it is not, each bad byte becomes \xHH, and so that this can be told from a name that has those
// letters, each backslash \x5C.
[[nodiscard]] std::string printable_name(std::string_view raw);

}  // namespace archaeologist
