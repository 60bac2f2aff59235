// Reads a text once, line by line, and marks what it finds. One for each family of texts. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "archaeologist/chunker.hpp"
#include "text/outline/byte_search.hpp"
#include "text/outline/marks.hpp"
#include "text/outline/words.hpp"

namespace archaeologist {

// Longer lines come in pieces of about this size, so that what a scanner looks at is bounded.
inline constexpr std::size_t segment_bytes_max = 1'024;

// A line without its end, or a piece of a long one.
struct Segment {
    std::string_view text;
    std::uint64_t at = 0;  // its offset in the text
    bool begins_line = true;
    bool ends_line = true;
};

class Scanner {
public:
    Scanner() = default;
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;
    virtual ~Scanner() = default;

    // Adds a mark for each line, and labels as it learns of them.
    virtual void take(const Segment& segment, Marks& marks) = 0;
};

struct Language;

[[nodiscard]] std::unique_ptr<Scanner> make_markdown_scanner();
[[nodiscard]] std::unique_ptr<Scanner> make_table_scanner();
// Definitions by braces: C, Java, Go, shell, …
[[nodiscard]] std::unique_ptr<Scanner> make_brace_scanner(const Language& language);
// Definitions by indentation, closed by a keyword or not: Python, Ruby, Lua.
[[nodiscard]] std::unique_ptr<Scanner> make_indent_scanner(const Language& language);
// Line by line: paragraphs of COBOL, procedures of Visual Basic.
[[nodiscard]] std::unique_ptr<Scanner> make_cobol_scanner();
[[nodiscard]] std::unique_ptr<Scanner> make_basic_scanner();
[[nodiscard]] std::unique_ptr<Scanner> make_sql_scanner();
// Any other code: what begins at the margin behind a blank line.
[[nodiscard]] std::unique_ptr<Scanner> make_margin_scanner();

// Whether the bytes are white space, '\r' included.
[[nodiscard]] inline bool is_blank(std::string_view text) {
    for (const char c : text) {
        if (c != ' ' && (c < '\t' || c > '\r')) return false;
    }
    return true;
}
// Without the white space around it, '\r' included.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n'); };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// The name the text begins with; may be empty.
[[nodiscard]] std::string_view leading_name(std::string_view text);
}  // namespace archaeologist
