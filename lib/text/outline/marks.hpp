// What a scan of a text found: where a cut hurts how much, and what each passage stands under. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"

namespace archaeologist {

// How good the begin of a line is as a cut; the stronger the better.
enum class Strength : std::uint8_t {
    none,
    inside,  // within what belongs together: a fenced block, a table, a comment, a statement, a heading and its text
    line,
    blank,    // behind a blank line
    block,    // before or behind a fenced block, a list or a table; before a member of a class
    section,  // before a heading; before a definition that stands in nothing, its comments included
};

struct LineMark {
    std::uint64_t at = 0;  // offset of the line in the text
    Strength strength = Strength::none;
};

enum class LabelKind : std::uint8_t {
    none,        // nothing from here on
    container,   // a class, a namespace: what stands in it may have a better one
    definition,  // a function, a heading, a table: the best there is
};

// Longer labels are cut, and so are the parts they are made of. Only a table's header may be long.
inline constexpr std::size_t label_bytes_max = 1'000;
inline constexpr std::size_t title_bytes_max = 120;

// Of one passage; a vector store takes no more.
inline constexpr std::size_t headings_max = 64;
inline constexpr std::size_t headings_bytes_max = 4'096;

// Marks of lines and labels, both in order of the text; from where forget was told on.
class Marks {
public:
    void add_line(std::uint64_t at, Strength strength) { lines_.push_back({at, strength}); }
    // The line at `at`, if it is still known, turned out to be stronger than it looked.
    void strengthen(std::uint64_t at, Strength strength);
    // From `at` on (not before the last one's) the text stands under this.
    void add_label(std::uint64_t at, LabelKind kind, std::string text);

    // What stands before `at` is asked for no more.
    void forget(std::uint64_t at);
    [[nodiscard]] std::span<const LineMark> lines() const { return std::span(lines_).subspan(first_line_); }

    // What a passage stands under whose first byte that is no white space is at `content`: the definition that holds
    // this byte, else the first definition that begins before `end`, else the innermost container.
    [[nodiscard]] const std::string& label_of(std::uint64_t content, std::uint64_t end) const;

    // All that the passage stands under, which begins at `begin`, the first there; white space counts to what stands behind it.
    // Labels that end with the passage lose their texts: it is to be forgotten next.
    [[nodiscard]] std::vector<Heading> take_headings(std::uint64_t begin, std::string_view passage);

private:
    struct Label {
        std::uint64_t at = 0;
        LabelKind kind = LabelKind::none;
        std::string text;
    };

    std::vector<LineMark> lines_;
    std::size_t first_line_ = 0;
    std::vector<Label> labels_{Label{}};
    std::size_t first_label_ = 0;
};

}  // namespace archaeologist
