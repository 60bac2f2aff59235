// Where a text may be cut without tearing what a reader sees as one character (UAX #29, by utf8proc). Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace archaeologist {

// `at`, where `scanned` bytes were read to know it: what keeps the chunker linear is tested by counting.
struct Found {
    std::size_t at = 0;
    std::size_t scanned = 0;
};

// Whether a boundary lies at `at` (a code point's begin) whatever stands further away. False can mean "not known".
[[nodiscard]] bool surely_parts_graphemes(std::string_view text, std::size_t at);

// The last boundary in (0, limit]; 0 if there is none. 0 is taken as a boundary, limit < text.size() begins a code
// point. Looks back from the limit only as far as it must, at most to 0.
[[nodiscard]] Found last_grapheme_boundary(std::string_view text, std::size_t limit);

}  // namespace archaeologist
