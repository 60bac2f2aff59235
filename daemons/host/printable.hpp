// Foreign text made safe to print. File names and file contents can hold bytes that drive a terminal (ESC …), break a
// line, or turn the reading direction; nothing of that reaches the screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace archaeologist::host {

// Control characters, bidirectional overrides, line separators and bytes that are not UTF-8 become escapes like \x1b, \n
// or \u202e. All else stays, so clean text comes out byte for byte.
[[nodiscard]] std::string printable(std::string_view text);

// The same for a line of a file: a tab stays a tab, and a carriage return at the end (a DOS line) is dropped.
[[nodiscard]] std::string printable_line(std::string_view line);

// Printable text as a JSON string, in its quotes.
[[nodiscard]] std::string json_string(std::string_view text);

// Terminal columns of printable text, by code points; East Asian wide ones count two.
[[nodiscard]] std::size_t columns_of(std::string_view text);

// The longest beginning of printable text that fits, ending in … when something was cut.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t columns);

// As one word of a POSIX shell command line; in quotes only when it must be.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace archaeologist::host
