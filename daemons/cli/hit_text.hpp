// Search hits as text: passages for people, grep and vimgrep lines for programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

// How many lines before and after each line with a highlight; nothing: the few that matter.
struct ContextLines {
    std::size_t before = 0;
    std::size_t after = 0;
};

struct HitStyle {
    host::Emphasis emphasis = host::Emphasis::none;
    std::optional<ContextLines> context;
};

// Hits by file, each file where its best hit stands. In mode literal the lines with a match, each once, "number:text";
// else for each hit "first-last  score  heading" and its lines. Lines without a highlight have a - for the colon.
[[nodiscard]] std::string passages_of(const SearchReply& reply, const HitStyle& style);

// "name:line:text" for each line with a highlight; the first line of a hit that has none. A line is given once. With
// context "name-line-text" for each line around, and "--" between lines that do not follow each other.
[[nodiscard]] std::string grep_lines_of(const SearchReply& reply, const HitStyle& style);

// "name:line:column:text" for each highlight; the column counts bytes from 1. Where a line is longer than a chunk, from
// the chunk's beginning.
[[nodiscard]] std::string vimgrep_lines_of(const SearchReply& reply);

// What could not be looked at, what is not shown, and what the mode cannot mean; empty when all is well.
[[nodiscard]] std::string remarks_of(const SearchReply& reply);

}  // namespace archaeologist::cli
