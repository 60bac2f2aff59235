// Terms that every text with a literal in it is indexed under. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

// The terms of the words with a separator on both sides inside the literal: what stands around it cannot change them.
// Longest first, as these tend to be rarest. Each with what it is indexed under in texts of these languages.
[[nodiscard]] std::vector<QueryWord> interior_words(Analyzer& analyzer, std::string_view literal,
                                                    LetterCase letter_case, std::span<const NaturalLanguage> languages);

}  // namespace archaeologist
