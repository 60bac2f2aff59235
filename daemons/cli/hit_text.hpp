// Search hits as text: passages for people, grep and vimgrep lines for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/search.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {

// One line of a hit's content.
struct HitLine {
    std::uint64_t number = 1;           // in the file
    std::string_view text;              // borrowed from the hit, without its line end
    std::vector<ByteRange> highlights;  // in `text`
};

[[nodiscard]] std::vector<HitLine> lines_of(const Hit& hit, SearchMode mode);

// "name:first-last  score  heading", then the few lines that matter, and where else the same text is.
[[nodiscard]] std::string passages_of(const SearchReply& reply, host::Emphasis emphasis);

// "name:line:text" for each line with a highlight; the first line of a hit that has none. A line is given once.
[[nodiscard]] std::string grep_lines_of(const SearchReply& reply);

// "name:line:column:text" for each highlight; the column counts bytes from 1. Where a line is longer than a chunk, from
// the chunk's beginning.
[[nodiscard]] std::string vimgrep_lines_of(const SearchReply& reply);

// What could not be looked at, and what the mode cannot mean; empty when all is well.
[[nodiscard]] std::string remarks_of(const SearchReply& reply);

}  // namespace archaeologist::cli
