#include "text/outline/markdown.hpp"

#include <algorithm>

#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t ordinal_digits_max = 9;

// Up to three spaces may stand before Markdown's block marks.
std::string_view without_indent(std::string_view line) {
    std::size_t indent = 0;
    while (indent < line.size() && indent <= 3 && line[indent] == ' ') ++indent;
    return indent <= 3 ? line.substr(indent) : std::string_view();
}

bool is_gap(std::string_view line, std::size_t at) {
    return at >= line.size() || line[at] == ' ' || line[at] == '\t' || line[at] == '\r';
}

}  // namespace

MarkdownHeading parse_heading(std::string_view line) {
    line = without_indent(line);
    if (line.empty() || line[0] != '#') return {};
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    if (level > 6 || !is_gap(line, level)) return {};
    std::string_view title = trimmed(line.substr(level));
    const std::size_t last = title.find_last_not_of('#');
    if (last == npos) {
        title = {};
    } else if (last + 1 < title.size() && (title[last] == ' ' || title[last] == '\t')) {
        title = trimmed(title.substr(0, last));
    }
    return {level, title};
}

std::size_t underline_level(std::string_view line) {
    line = without_indent(line);
    if (line.empty() || (line[0] != '=' && line[0] != '-')) return 0;
    const std::size_t end = std::min(line.find_first_not_of(line[0]), line.size());
    if (!is_blank(line.substr(end))) return 0;
    return line[0] == '=' ? 1 : 2;
}

Fence parse_fence(std::string_view line) {
    line = without_indent(line);
    if (line.empty() || (line[0] != '`' && line[0] != '~')) return {};
    const std::size_t size = std::min(line.find_first_not_of(line[0]), line.size());
    const std::string_view info = trimmed(line.substr(size));
    if (size < 3 || (line[0] == '`' && info.find('`') != npos)) return {};
    return {line[0], size, info};
}

bool closes(const Fence& open, std::string_view line) {
    if (open.mark == '-') return trimmed(line) == "---" || trimmed(line) == "...";
    const Fence fence = parse_fence(line);
    return fence.mark == open.mark && fence.size >= open.size && fence.info.empty();
}

bool begins_item(std::string_view line) {
    line = line.substr(indent_of(line));
    if (line.empty()) return false;
    if (line[0] == '-' || line[0] == '*' || line[0] == '+') return is_gap(line, 1);
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
    if (digits == 0 || digits > ordinal_digits_max || digits >= line.size()) return false;
    return (line[digits] == '.' || line[digits] == ')') && is_gap(line, digits + 1);
}

bool is_table_row(std::string_view line) {
    line = without_indent(line);
    return !line.empty() && line[0] == '|';
}

bool is_table_rule(std::string_view line) {
    line = trimmed(line);
    return line.find('-') != npos && line.find_first_not_of("|-: \t") == npos;
}

}  // namespace archaeologist
