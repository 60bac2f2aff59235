#include "engine/ignore.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace archaeologist {
namespace {

constexpr std::size_t rules_max = 10'000;
constexpr std::size_t rule_bytes_max = 4'096;
constexpr std::size_t none = std::string_view::npos;

struct NamedClass {
    std::string_view name;
    int (*holds)(int);
};
constexpr std::array<NamedClass, 12> named_classes{{{"alnum", std::isalnum},
                                                    {"alpha", std::isalpha},
                                                    {"blank", std::isblank},
                                                    {"cntrl", std::iscntrl},
                                                    {"digit", std::isdigit},
                                                    {"graph", std::isgraph},
                                                    {"lower", std::islower},
                                                    {"print", std::isprint},
                                                    {"punct", std::ispunct},
                                                    {"space", std::isspace},
                                                    {"upper", std::isupper},
                                                    {"xdigit", std::isxdigit}}};

// What one element of a pattern says of one byte, and where the next element begins.
struct Element {
    bool matches = false;
    std::size_t next = none;  // none: the pattern is malformed and matches nothing
};

Element match_named(std::string_view pattern, std::size_t at, unsigned char byte) {
    const std::size_t end = pattern.find(":]", at);
    if (end == none) return {};
    const auto name = pattern.substr(at, end - at);
    for (const auto& known : named_classes) {
        if (known.name == name) return {known.holds(byte) != 0, end + 2};
    }
    return {};
}

// `at` is behind the opening bracket.
Element match_class(std::string_view pattern, std::size_t at, unsigned char byte) {
    const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
    if (negated) ++at;
    bool inside = false;
    for (bool first = true; at < pattern.size(); first = false) {
        if (pattern[at] == ']' && !first) return {inside != negated && byte != '/', at + 1};
        if (pattern.substr(at, 2) == "[:") {
            const Element named = match_named(pattern, at + 2, byte);
            if (named.next == none) return {};
            inside = inside || named.matches;
            at = named.next;
            continue;
        }
        if (pattern[at] == '\\') ++at;
        if (at >= pattern.size()) return {};
        const auto low = static_cast<unsigned char>(pattern[at++]);
        auto high = low;
        if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
            at += pattern[at + 1] == '\\' ? 2 : 1;
            if (at >= pattern.size()) return {};
            high = static_cast<unsigned char>(pattern[at++]);
        }
        inside = inside || (low <= byte && byte <= high);
    }
    return {};
}

Element match_element(std::string_view pattern, std::size_t at, unsigned char byte) {
    switch (pattern[at]) {
        case '?': return {byte != '/', at + 1};
        case '[': return match_class(pattern, at + 1, byte);
        case '\\':
            if (at + 1 >= pattern.size()) return {};
            return {static_cast<unsigned char>(pattern[at + 1]) == byte, at + 2};
        default: return {static_cast<unsigned char>(pattern[at]) == byte, at + 1};
    }
}

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

// Spaces at the end do not count unless a backslash protects them.
std::string_view without_trailing_spaces(std::string_view line) {
    while (!line.empty() && line.back() == ' ') {
        std::size_t slashes = 0;
        while (slashes + 1 < line.size() && line[line.size() - 2 - slashes] == '\\') ++slashes;
        if (slashes % 2 == 1) break;
        line.remove_suffix(1);
    }
    return line;
}

}  // namespace

bool matches_wildcard(std::string_view pattern, std::string_view name) {
    std::size_t at = 0;
    std::size_t done = 0;
    std::size_t star = none;       // behind the last *
    std::size_t star_done = none;  // where what it swallows ends
    while (done < name.size() || at < pattern.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = ++at;
            star_done = done;
            continue;
        }
        if (at < pattern.size() && done < name.size()) {
            const Element element = match_element(pattern, at, static_cast<unsigned char>(name[done]));
            if (element.next == none) return false;
            if (element.matches) {
                at = element.next;
                ++done;
                continue;
            }
        }
        if (star == none || star_done >= name.size()) return false;
        done = ++star_done;
        at = star;
    }
    return true;
}

IgnoreRules IgnoreRules::parse(std::string_view content) {
    IgnoreRules rules;
    if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    for (std::size_t begin = 0; begin < content.size() && rules.rules_.size() < rules_max;) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        auto line = content.substr(begin, end - begin);
        begin = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        Rule rule;
        if (line.size() <= rule_bytes_max && parse_line(line, rule)) rules.rules_.push_back(std::move(rule));
    }
    return rules;
}

bool IgnoreRules::parse_line(std::string_view line, Rule& rule) {
    line = without_trailing_spaces(line);
    if (line.empty() || line.front() == '#') return false;
    if (line.front() == '!') {
        rule.negated = true;
        line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
        rule.folders_only = true;
        line.remove_suffix(1);
    }
    if (line.empty()) return false;
    const bool anchored = line.find('/') != none;
    if (line.front() == '/') line.remove_prefix(1);
    if (!anchored) rule.segments.emplace_back("**");
    for (const auto part : split(line)) rule.segments.emplace_back(part);
    // "a/**" is everything inside a, not a itself.
    if (anchored && rule.segments.back() == "**") rule.segments.emplace_back("*");
    return true;
}

Verdict IgnoreRules::verdict(std::string_view path, EntryKind kind) const {
    if (rules_.empty()) return Verdict::none;
    const auto parts = split(path);
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
        if (rule->folders_only && kind == EntryKind::file) continue;
        if (matches(*rule, parts)) return rule->negated ? Verdict::kept : Verdict::ignored;
    }
    return Verdict::none;
}

// As matches_wildcard, with folders for letters and ** for *.
bool IgnoreRules::matches(const Rule& rule, const std::vector<std::string_view>& path) {
    std::size_t at = 0;
    std::size_t done = 0;
    std::size_t star = none;
    std::size_t star_done = none;
    const auto& segments = rule.segments;
    while (done < path.size() || at < segments.size()) {
        if (at < segments.size() && segments[at] == "**") {
            star = ++at;
            star_done = done;
        } else if (at < segments.size() && done < path.size() && matches_wildcard(segments[at], path[done])) {
            ++at;
            ++done;
        } else if (star != none && star_done < path.size()) {
            done = ++star_done;
            at = star;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace archaeologist
