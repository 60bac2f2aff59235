// What a line is in Markdown, judged alone. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace archaeologist {

// An ATX heading ("## Install ##"): level 1 to 6 and title; level 0 when the line is none.
struct MarkdownHeading {
    std::size_t level = 0;
    std::string_view title;
};
[[nodiscard]] MarkdownHeading parse_heading(std::string_view line);

// 1 for "===", 2 for "---": what makes the paragraph above a heading. 0 when the line is neither.
[[nodiscard]] std::size_t underline_level(std::string_view line);

// The opening of a fenced block; mark '\0' when the line is none.
struct Fence {
    char mark = '\0';
    std::size_t size = 0;
    std::string_view info;
};
[[nodiscard]] Fence parse_fence(std::string_view line);
[[nodiscard]] bool closes(const Fence& open, std::string_view line);

// "- a", "12. a"; indented ones, too.
[[nodiscard]] bool begins_item(std::string_view line);
// "| a | b |"; only with a bar in front, which keeps prose out.
[[nodiscard]] bool is_table_row(std::string_view line);
// "|---|:-:|"
[[nodiscard]] bool is_table_rule(std::string_view line);

}  // namespace archaeologist
