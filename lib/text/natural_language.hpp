// Languages that people write: those of Snowball's in Latin letters, whose words are stemmed each in its own way. Pure.
// What is written in other letters tells its language by them (text/analyzer.hpp).
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist {

// english is also what a text is taken for that does not say.
enum class NaturalLanguage : std::uint8_t {
    english,
    basque,
    catalan,
    danish,
    dutch,
    finnish,
    french,
    german,
    hungarian,
    indonesian,
    irish,
    italian,
    lithuanian,
    norwegian,
    portuguese,
    romanian,
    spanish,
    swedish,
    turkish
};
inline constexpr std::size_t natural_languages = 19;

// "german": as Snowball names it, and a document (vector_store.hpp). Ends with a NUL.
[[nodiscard]] std::string_view name_of(NaturalLanguage language);

[[nodiscard]] std::optional<NaturalLanguage> find_natural_language(std::string_view name);
// "de": ISO 639-1.
[[nodiscard]] std::optional<NaturalLanguage> find_natural_language_by_code(std::string_view code);

// What the words of a document are stemmed in: its language, or English where that is none of these.
[[nodiscard]] inline NaturalLanguage stemming_of(std::string_view document_language) {
    return find_natural_language(document_language).value_or(NaturalLanguage::english);
}

// Those of the names that are known, without English.
[[nodiscard]] std::vector<NaturalLanguage> find_natural_languages(std::span<const std::string> names);

using LanguageSet = std::bitset<natural_languages>;

// Of the setting `languages` (analyzer.hpp): all for "auto". Errors: invalid_argument.
[[nodiscard]] Result<LanguageSet> parse_languages(std::string_view setting);

}  // namespace archaeologist
