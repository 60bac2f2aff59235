// What counts as a word for search. Usable alone: pure, no engine, no I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"

namespace archaeologist {

// A word as it is indexed: folded (case, Unicode compatibility) and stemmed, in the language that its script stands for
// (ASCII: English). An identifier gives itself and its parts; Han, Kana, Hangul and Thai give pairs of characters.
struct AnalyzedTerm {
    std::string text;            // 1 to 64 bytes
    ByteRange source;            // the bytes of the input it came from
    bool same_position = false;  // as the term before it
};

// All terms, in order of the text. Bytes that are not UTF-8 separate words; of a text beyond 4 GiB the rest is not looked at.
[[nodiscard]] std::vector<AnalyzedTerm> analyze(std::string_view text);

}  // namespace archaeologist
