// Words of Qdrant's text index by which documents are told that a literal may be in, wherever in a word it stands: which
// characters follow each other. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace archaeologist::qdrant {

// What of the text before a core belongs to its grams: what is looked for of a literal ends in some core, and begins there or
// in so many bytes before it.
inline constexpr std::size_t tail_bytes = 96;

// A point's: of its core, and of what reaches into it. `before` ends where the core begins, and has tail_bytes or begins with
// the text.
[[nodiscard]] std::string grams_of_core(std::string_view before, std::string_view core);

// A document with the literal, in whatever case, has a point with all of these. Empty for a literal that is too short
// to have any: fewer than three letters or digits side by side, or two of scripts such as Japanese.
[[nodiscard]] std::string grams_of_literal(std::string_view literal);

}  // namespace archaeologist::qdrant
