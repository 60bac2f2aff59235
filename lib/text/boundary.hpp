// Chooses where a chunk ends. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "archaeologist/chunker.hpp"
#include "text/graphemes.hpp"
#include "text/outline/marks.hpp"

namespace archaeologist {

// Offsets in a text that begins with the core: a cut belongs in [low, high], best near aim. All begin code points,
// 0 < low <= aim <= high < the text's size.
struct CutRange {
    std::size_t low = 0;
    std::size_t aim = 0;
    std::size_t high = 0;
};

// The cut before a line that a blank one sets off, else before any line; among equals the last up to the aim, else the
// first behind it. 0 if there is none. `begins_line`: whether the text begins with a line.
[[nodiscard]] Found find_line_cut(std::string_view text, const CutRange& range, bool begins_line);

// The cut before the strongest line, by the marks of a text whose offset is `begin`; among equals as above. A section, or
// a block that would else be cut itself, may begin before `low`, and so may a row of a table (`early`).
enum class Early : std::uint8_t { sections, any };
[[nodiscard]] std::size_t find_marked_cut(std::span<const LineMark> marks, std::uint64_t begin, const CutRange& range,
                                          Early early);

// The last end of a sentence in [low, aim], else of a word, white space included. 0 if there is none.
[[nodiscard]] Found find_word_cut(std::string_view text, const CutRange& range);

// The last end of a grapheme up to the aim; where that makes a core below low, up to high. 0 if there is none.
[[nodiscard]] Found find_grapheme_cut(std::string_view text, const CutRange& range);

// Where a context begins best in [earliest, text.size()): at a line that keeps at least half of it, else at a word,
// else at a grapheme; the text's size if nowhere. A table's context begins at a line or is empty.
[[nodiscard]] Found find_context_begin(std::string_view text, std::size_t earliest, TextKind kind);

}  // namespace archaeologist
