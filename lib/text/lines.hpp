// Lines of a text: counted by '\n' alone, numbered from 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"

namespace archaeologist {

[[nodiscard]] std::uint64_t count_newlines(std::string_view text);

// Offset to line and back, without a table entry for every line: it keeps one count for each 4 KiB of text (0.2 % of
// its size) and counts within the block when asked. The text is borrowed. Immutable, so thread-safe.
class LineIndex {
public:
    explicit LineIndex(std::string_view text);

    // The line that holds the byte at `offset`; a '\n' belongs to the line it ends. Offsets past the end count as the
    // end.
    [[nodiscard]] std::uint64_t line_of(std::uint64_t offset) const;
    // The lines a range touches; those of an empty range are the line it stands on.
    [[nodiscard]] LineRange lines_of(const ByteRange& range) const;
    // Where a line begins; the text's size for lines past the last.
    [[nodiscard]] std::uint64_t begin_of(std::uint64_t line) const;
    // All newlines, plus one for a last line without.
    [[nodiscard]] std::uint64_t line_count() const;

private:
    std::string_view text_;
    std::vector<std::uint64_t>
        newlines_before_;  // block → newlines in all blocks before it; one entry more than blocks
};

}  // namespace archaeologist
