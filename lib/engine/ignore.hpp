// Which paths Git would ignore (gitignore(5)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archaeologist {

enum class EntryKind : std::uint8_t { file, folder };
enum class Verdict : std::uint8_t { none, ignored, kept };

// Whether one name matches a pattern of *, ?, [classes] and backslashes; `/` is nothing special here. O(pattern · name).
[[nodiscard]] bool matches_wildcard(std::string_view pattern, std::string_view name);

// The rules of one .gitignore file. Immutable once parsed.
class IgnoreRules {
public:
    // Lines that are no patterns are skipped. At most 10,000 rules of at most 4,096 bytes are kept.
    [[nodiscard]] static IgnoreRules parse(std::string_view content);

    // What the last rule that matches says of a path relative to the file's folder; none: no rule does. Whoever walks
    // must not descend into an ignored folder: what is below it cannot be kept again.
    [[nodiscard]] Verdict verdict(std::string_view path, EntryKind kind) const;
    [[nodiscard]] bool empty() const { return rules_.empty(); }

private:
    struct Rule {
        std::vector<std::string> segments;  // between slashes; "**" stands for any number of folders
        bool negated = false;
        bool folders_only = false;
    };
    static bool parse_line(std::string_view line, Rule& rule);
    static bool matches(const Rule& rule, const std::vector<std::string_view>& path);

    std::vector<Rule> rules_;
};

}  // namespace archaeologist
