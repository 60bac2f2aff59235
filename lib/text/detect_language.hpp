// Which language a text is written in. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "text/natural_language.hpp"

namespace archaeologist {

// How much of a text's beginning is looked at.
inline constexpr std::size_t detection_bytes = 16 << 10;

// Judged by the words that hold sentences together ("the", "und", "dans"), of which each language has a list here; our own, of
// its most frequent ones. One that several languages have counts less for each. Of `among` and English the one that is ahead by
// half of the next; nothing where none is, or the evidence is thin: fewer than three different such words, or fewer than a twelfth of all
// words. So lists, logs, code and languages that are not known here are nothing; a text in two languages is in the one that
// has clearly more of its beginning. Where `among` is one language, that one whatever the text.
// Text is UTF-8; what is not separates words.
[[nodiscard]] std::optional<NaturalLanguage> detect_language(std::string_view text, const LanguageSet& among);

}  // namespace archaeologist
