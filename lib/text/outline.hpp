// What the lines of a text say about its shape: where a cut hurts least, and what a passage stands under. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "archaeologist/chunker.hpp"

namespace archaeologist {

// Of a line only this much is looked at.
inline constexpr std::size_t line_head_bytes_max = 256;

// How good the begin of a line is as a cut; the stronger the better.
enum class Strength : std::uint8_t {
    none,
    inside,  // within a fenced block or a Markdown table, or between a heading and its text
    line,
    blank,    // behind a blank line
    block,    // before or behind a fenced block; behind a closing brace at the margin
    section,  // before a heading; before a definition at the margin that a blank line sets off
};

[[nodiscard]] bool is_blank_line(std::string_view line);

// A line without its end, cut to line_head_bytes_max.
[[nodiscard]] std::string_view line_head(std::string_view text, std::size_t begin);

// An ATX heading ("## Install ##"): level 1 to 6 and title; level 0 when the line is none.
struct Heading {
    std::size_t level = 0;
    std::string_view title;
};
[[nodiscard]] Heading parse_heading(std::string_view line);

// Reads lines in order; small, so that a search may go ahead with a copy.
class LineReader {
public:
    explicit LineReader(TextKind kind) : kind_(kind) {}

    // The strength of a cut before this line.
    Strength take(std::string_view line);
    [[nodiscard]] bool is_in_fence() const { return fence_mark_ != '\0'; }

private:
    Strength take_markdown(std::string_view line);
    Strength take_code(std::string_view line);

    TextKind kind_;
    char fence_mark_ = '\0';  // of the block that is open
    std::size_t fence_size_ = 0;
    bool after_blank_ = false;
    bool after_block_ = false;  // behind a fenced block or a closing brace at the margin
    bool after_heading_ = false;
    bool after_row_ = false;  // of a Markdown table
};

// The lines before a place, as far as that place depends on them. Titles are cut to 120 bytes.
class Outline {
public:
    explicit Outline(TextKind kind) : kind_(kind), reader_(kind) {}

    void take(std::string_view line);
    [[nodiscard]] const LineReader& reader() const { return reader_; }

    // What a passage beginning with `text` stands under: Markdown's heading path ("Install > Linux"), its own heading
    // included; in code the last definition-like line at the margin when the passage begins inside it.
    [[nodiscard]] std::string heading_of(std::string_view text, bool begins_line) const;

private:
    TextKind kind_;
    LineReader reader_;
    std::array<std::string, 6> titles_;  // by level - 1; empty = none
    std::string enclosing_;
};

}  // namespace archaeologist
