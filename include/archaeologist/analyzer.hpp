// What counts as a word for search. Usable alone: pure, no engine, no I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// A word as it is indexed: folded (case, Unicode compatibility) and stemmed, in the language that its script stands for
// (ASCII: English). An identifier gives itself and its parts; Han, Kana, Hangul and Thai give pairs of characters.
struct AnalyzedTerm {
    std::string text;            // 1 to 64 bytes
    ByteRange source;            // the bytes of the input it came from
    bool same_position = false;  // as the term before it
};

// All terms, as of English prose, in order of the text. Bytes that are not UTF-8 separate words; of a text beyond 4 GiB the rest is not looked at.
[[nodiscard]] std::vector<AnalyzedTerm> analyze(std::string_view text);

// The setting `languages`: in which of them prose in Latin letters is looked at, which decides how its words are stemmed.
// "auto": in all that are known. Or codes of ISO 639-1 with commas between: in these and English. One alone: all prose is in
// that, and nothing is detected. Known are en, eu, ca, da, nl, fi, fr, de, hu, id, ga, it, lt, no, pt, ro, es, sv, tr.
// Errors: invalid_argument.
[[nodiscard]] Status validate_languages(std::string_view setting);

}  // namespace archaeologist
