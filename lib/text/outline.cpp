#include "text/outline.hpp"

#include <algorithm>

#include "text/characters.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t title_bytes_max = 120;
constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

// Up to three spaces may stand before Markdown's block marks.
std::string_view without_indent(std::string_view line) {
    std::size_t indent = 0;
    while (indent < line.size() && indent <= 3 && line[indent] == ' ') ++indent;
    return indent <= 3 ? line.substr(indent) : std::string_view();
}

struct Fence {
    char mark = '\0';
    std::size_t size = 0;
    std::string_view info;
};

Fence parse_fence(std::string_view line) {
    line = without_indent(line);
    if (line.empty() || (line[0] != '`' && line[0] != '~')) return {};
    const std::size_t size = std::min(line.find_first_not_of(line[0]), line.size());
    const std::string_view info = trim(line.substr(size));
    if (size < 3 || (line[0] == '`' && info.find('`') != std::string_view::npos)) return {};
    return {line[0], size, info};
}

bool is_closer(char c) { return c == '}' || c == ')' || c == ']'; }

// At the margin, and more than a closing brace, a label or a preprocessor line.
bool is_definition(std::string_view line) {
    if (line.empty()) return false;
    const auto first = static_cast<unsigned char>(line[0]);
    const bool is_name = first >= 0x80 || begins_word(detail::ascii_kinds[first]) || first == '@';
    return is_name && std::any_of(line.begin(), line.end(), [](char c) { return c == '(' || c == '{' || c == ':'; });
}

}  // namespace

bool is_blank_line(std::string_view line) {
    return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

std::string_view line_head(std::string_view text, std::size_t begin) {
    const std::string_view head = utf8_prefix(text.substr(begin), line_head_bytes_max);
    return head.substr(0, head.find('\n'));
}

Heading parse_heading(std::string_view line) {
    line = without_indent(line);
    if (line.empty() || line[0] != '#') return {};
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    if (level > 6) return {};
    if (level < line.size() && line[level] != ' ' && line[level] != '\t' && line[level] != '\r') return {};
    std::string_view title = trim(line.substr(level));
    const std::size_t last = title.find_last_not_of('#');
    if (last == std::string_view::npos) {
        title = {};
    } else if (last + 1 < title.size() && (title[last] == ' ' || title[last] == '\t')) {
        title = trim(title.substr(0, last));
    }
    return {level, utf8_prefix(title, title_bytes_max)};
}

Strength LineReader::take(std::string_view line) {
    if (kind_ == TextKind::markdown) return take_markdown(line);
    if (kind_ == TextKind::code) return take_code(line);
    const bool was_blank = after_blank_;
    after_blank_ = is_blank_line(line);
    return was_blank && kind_ == TextKind::plain ? Strength::blank : Strength::line;
}

Strength LineReader::take_markdown(std::string_view line) {
    const Fence fence = parse_fence(line);
    if (is_in_fence()) {
        if (fence.mark == fence_mark_ && fence.size >= fence_size_ && fence.info.empty()) {
            fence_mark_ = '\0';
            after_block_ = true;
        }
        return Strength::inside;
    }
    const LineReader before = *this;
    after_blank_ = is_blank_line(line);
    after_row_ = !line.empty() && line[0] == '|';
    const bool is_heading = parse_heading(line).level > 0;
    after_heading_ = is_heading || (before.after_heading_ && after_blank_);
    after_block_ = false;
    fence_mark_ = fence.mark;
    fence_size_ = fence.size;
    if (is_heading) return before.after_heading_ ? Strength::line : Strength::section;
    if (before.after_heading_ || (before.after_row_ && after_row_)) return Strength::inside;
    if (fence.mark != '\0' || before.after_block_) return Strength::block;
    return before.after_blank_ ? Strength::blank : Strength::line;
}

Strength LineReader::take_code(std::string_view line) {
    const LineReader before = *this;
    after_blank_ = is_blank_line(line);
    after_block_ = !line.empty() && is_closer(line[0]);
    const bool at_margin = !after_blank_ && line[0] != ' ' && line[0] != '\t' && !after_block_;
    if (at_margin && before.after_blank_) return Strength::section;
    if (at_margin && before.after_block_) return Strength::block;
    return before.after_blank_ ? Strength::blank : Strength::line;
}

void Outline::take(std::string_view line) {
    if (kind_ == TextKind::markdown && !reader_.is_in_fence()) {
        if (const Heading heading = parse_heading(line); heading.level > 0) {
            titles_[heading.level - 1] = heading.title;
            for (std::size_t deeper = heading.level; deeper < titles_.size(); ++deeper) titles_[deeper].clear();
        }
    } else if (kind_ == TextKind::code && is_definition(line)) {
        enclosing_ = utf8_prefix(trim(line), title_bytes_max);
    }
    reader_.take(line);
}

std::string Outline::heading_of(std::string_view text, bool begins_line) const {
    if (kind_ != TextKind::markdown && kind_ != TextKind::code) return {};
    const std::size_t content = begins_line ? text.find_first_not_of(" \t\r\v\f\n") : 0;
    Heading own;
    if (begins_line && content != std::string_view::npos) {
        const std::size_t newline = text.substr(0, content).rfind('\n');
        const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
        if (kind_ == TextKind::code) return begin < content ? enclosing_ : std::string();
        if (!reader_.is_in_fence()) own = parse_heading(line_head(text, begin));
    }
    if (kind_ == TextKind::code) return enclosing_;
    std::string path;
    const auto append = [&](std::string_view title) {
        if (title.empty()) return;
        if (!path.empty()) path += " > ";
        path += title;
    };
    const std::size_t levels = own.level > 0 ? own.level - 1 : titles_.size();
    for (std::size_t level = 0; level < levels; ++level) append(titles_[level]);
    append(own.title);
    return path;
}

}  // namespace archaeologist
