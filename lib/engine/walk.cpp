#include "archaeologist/walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "base/errno_error.hpp"
#include "base/utf8.hpp"
#include "engine/ignore.hpp"

namespace archaeologist {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> skipped_folders{".git", ".hg", ".svn", "node_modules"};
constexpr std::streamsize ignore_bytes_max = 1 << 20;

struct Entry {
    std::string name;
    struct stat status {};
};

// The rules of one folder, for paths below it.
struct FolderRules {
    std::string base;  // the folder's path with a slash at its end, relative to where rules begin; empty there
    IgnoreRules rules;
};

std::string joined(const std::string& folder, std::string_view name) {
    if (folder.empty()) return std::string(name);
    return folder.ends_with('/') ? folder + std::string(name) : folder + "/" + std::string(name);
}

IgnoreRules read_rules(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};
    std::string content(static_cast<std::size_t>(ignore_bytes_max), '\0');
    file.read(content.data(), ignore_bytes_max);
    content.resize(static_cast<std::size_t>(file.gcount()));
    return IgnoreRules::parse(content);
}

bool is_skipped_folder(std::string_view name) {
    return std::find(skipped_folders.begin(), skipped_folders.end(), name) != skipped_folders.end();
}

std::string canonical(const std::string& path) {
    std::error_code error;
    const fs::path found = fs::canonical(path, error);
    return error ? fs::absolute(path).lexically_normal().string() : found.string();
}

// `path` below `folder`, both absolute; empty for the folder itself.
std::string below(const std::string& folder, const std::string& path) {
    if (path == folder) return {};
    return path.substr(folder == "/" ? 1 : folder.size() + 1);
}

class Walk {
public:
    Walk(const WalkOptions& options, const FileVisitor& on_file, const ProblemVisitor& on_problem)
        : options_(options), on_file_(on_file), on_problem_(on_problem) {
        struct stat status {};
        if (!options.excluded_folder.empty() && ::stat(options.excluded_folder.c_str(), &status) == 0)
            excluded_ = status;
    }

    Visit argument(const std::string& path);

private:
    Visit folder(const std::string& path, const std::string& name, const std::string& rule_path);
    Visit entry(const Entry& entry, const std::string& folder, const std::string& name, const std::string& rule_path);
    [[nodiscard]] Result<std::vector<Entry>> entries(const std::string& path) const;
    [[nodiscard]] bool is_excluded(const struct stat& status) const {
        return excluded_ && excluded_->st_dev == status.st_dev && excluded_->st_ino == status.st_ino;
    }
    [[nodiscard]] bool is_ignored(const std::string& rule_path, EntryKind kind) const;
    void begin_rules(const std::string& root, const std::string& folder);

    const WalkOptions& options_;
    const FileVisitor& on_file_;
    const ProblemVisitor& on_problem_;
    std::optional<struct stat> excluded_;
    std::vector<FolderRules> rules_;  // outermost first
};

Visit Walk::argument(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        on_problem_(path, errno_error(errno, "stat " + path));
        return Visit::go_on;
    }
    const std::string whole = canonical(path);
    const auto root = git_root(whole);
    if (S_ISREG(status.st_mode)) {
        const std::string name = root ? below(*root, whole) : fs::path(whole).filename().string();
        return on_file_({path, printable_name(name), static_cast<std::uint64_t>(status.st_size)});
    }
    if (!S_ISDIR(status.st_mode)) {
        on_problem_(path, Error{Code::invalid_argument, path + " is neither a file nor a folder"});
        return Visit::go_on;
    }
    if (is_excluded(status)) {
        on_problem_(path, Error{Code::invalid_argument, path + " is the data folder, which is not taken into itself"});
        return Visit::go_on;
    }
    rules_.clear();
    if (root) {
        begin_rules(*root, whole);
        return folder(path, below(*root, whole), below(*root, whole));
    }
    const bool bare =
        fs::path(path).lexically_normal() == "." || fs::path(path).lexically_normal() == "./" || whole == "/";
    return folder(path, bare ? std::string() : fs::path(whole).filename().string(), std::string());
}

// What the folders from the root down to `folder`, without it, have to say.
void Walk::begin_rules(const std::string& root, const std::string& folder) {
    if (options_.all) return;
    rules_.push_back({"", read_rules(root + "/.git/info/exclude")});
    std::string base;
    const std::string rest = below(root, folder);
    for (std::size_t at = 0; at < rest.size();) {
        rules_.push_back({base, read_rules(joined(root, base).append(".gitignore"))});
        const std::size_t end = std::min(rest.find('/', at), rest.size());
        base = rest.substr(0, end) + "/";
        at = end + 1;
    }
}

bool Walk::is_ignored(const std::string& rule_path, EntryKind kind) const {
    for (auto rules = rules_.rbegin(); rules != rules_.rend(); ++rules) {
        const auto verdict = rules->rules.verdict(std::string_view(rule_path).substr(rules->base.size()), kind);
        if (verdict != Verdict::none) return verdict == Verdict::ignored;
    }
    return false;
}

Result<std::vector<Entry>> Walk::entries(const std::string& path) const {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(path.c_str()), &::closedir);
    if (!stream) return errno_error(errno, "open folder " + path);
    std::vector<Entry> all;
    for (;;) {
        errno = 0;
        const dirent* found = ::readdir(stream.get());
        if (found == nullptr) break;
        const std::string_view name(found->d_name);
        if (name == "." || name == "..") continue;
        Entry entry{std::string(name), {}};
        if (::fstatat(::dirfd(stream.get()), found->d_name, &entry.status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT) on_problem_(joined(path, name), errno_error(errno, "stat " + joined(path, name)));
            continue;
        }
        all.push_back(std::move(entry));
    }
    if (errno != 0) return errno_error(errno, "read folder " + path);
    std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return all;
}

Visit Walk::folder(const std::string& path, const std::string& name, const std::string& rule_path) {
    const auto found = entries(path);
    if (!found) {
        on_problem_(path, found.error());
        return Visit::go_on;
    }
    const bool has_rules = !options_.all && std::any_of(found->begin(), found->end(),
                                                        [](const Entry& entry) { return entry.name == ".gitignore"; });
    if (has_rules) {
        rules_.push_back({rule_path.empty() ? std::string() : rule_path + "/", read_rules(joined(path, ".gitignore"))});
    }
    Visit visit = Visit::go_on;
    for (std::size_t i = 0; visit == Visit::go_on && i < found->size(); ++i) {
        visit = entry((*found)[i], path, name, rule_path);
    }
    if (has_rules) rules_.pop_back();
    return visit;
}

Visit Walk::entry(const Entry& entry, const std::string& parent, const std::string& name,
                  const std::string& rule_path) {
    const bool is_folder = S_ISDIR(entry.status.st_mode);
    if (!is_folder && !S_ISREG(entry.status.st_mode)) return Visit::go_on;
    if (is_folder && (is_excluded(entry.status) || (!options_.all && is_skipped_folder(entry.name))))
        return Visit::go_on;
    const std::string entry_rule_path = joined(rule_path, entry.name);
    if (is_ignored(entry_rule_path, is_folder ? EntryKind::folder : EntryKind::file)) return Visit::go_on;
    const std::string path = joined(parent, entry.name);
    const std::string entry_name = joined(name, entry.name);
    if (is_folder) return folder(path, entry_name, entry_rule_path);
    return on_file_({path, printable_name(entry_name), static_cast<std::uint64_t>(entry.status.st_size)});
}

}  // namespace

Status check_paths(std::span<const std::string> paths) {
    if (paths.empty()) return Error{Code::invalid_argument, "ingest: no path was given, must be at least one"};
    for (const std::string& path : paths) {
        if (path.empty()) return Error{Code::invalid_argument, "ingest: a path is empty, must name a file or folder"};
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0) continue;
        Error error = errno_error(errno, "path " + path);
        if (error.code == Code::not_found) error = {Code::invalid_argument, "path " + path + " does not exist"};
        return error;
    }
    return {};
}

Status walk_files(std::span<const std::string> paths, const WalkOptions& options, const FileVisitor& on_file,
                  const ProblemVisitor& on_problem) {
    ARCHAEO_TRY(check_paths(paths));
    Walk walk(options, on_file, on_problem);
    for (const std::string& path : paths) {
        if (walk.argument(path) == Visit::stop) return {};
    }
    return {};
}

std::optional<std::string> git_root(const std::string& path) {
    std::error_code error;
    for (fs::path at = canonical(path);; at = at.parent_path()) {
        if (fs::exists(at / ".git", error)) return at.string();
        if (at == at.parent_path()) return std::nullopt;
    }
}

std::string printable_name(std::string_view raw) {
    if (is_valid_utf8(raw)) return std::string(raw);
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string name;
    while (!raw.empty()) {
        const std::size_t length = utf8_sequence_length(raw);
        if (length > 0 && raw.front() != '\\') {
            name.append(raw.substr(0, length));
            raw.remove_prefix(length);
            continue;
        }
        const auto byte = static_cast<unsigned char>(raw.front());
        name.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 0xF]);
        raw.remove_prefix(1);
    }
    return name;
}

}  // namespace archaeologist
