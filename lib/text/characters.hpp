// What a character is to the analyzer. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace archaeologist {

enum class CharacterKind : std::uint8_t {
    separator,  // also every byte that is not UTF-8
    lower,      // a letter that is not upper case, of a script that parts words by spaces
    upper,
    digit,
    underscore,
    joiner,     // . and / between two words
    mark,       // belongs to the character before it (accents, vowel signs, trailing jamo)
    ignorable,  // the same, and dropped by folding (joiners, soft hyphen, variation selectors)
    ideograph,  // Han, Kana, Hangul, Thai: scripts written without spaces or with endings glued on
};

struct Character {
    CharacterKind kind = CharacterKind::separator;
    bool is_folded = true;   // folding (NFKC, case) leaves it as it is
    std::size_t length = 1;  // in bytes
};

namespace detail {

constexpr std::array<CharacterKind, 128> make_ascii_kinds() {
    std::array<CharacterKind, 128> kinds{};
    for (std::size_t c = 'a'; c <= 'z'; ++c) kinds[c] = CharacterKind::lower;
    for (std::size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = CharacterKind::upper;
    for (std::size_t c = '0'; c <= '9'; ++c) kinds[c] = CharacterKind::digit;
    kinds['_'] = CharacterKind::underscore;
    kinds['.'] = kinds['/'] = CharacterKind::joiner;
    return kinds;
}
inline constexpr auto ascii_kinds = make_ascii_kinds();

// The letters of U+00C0 to U+045F (Latin-1, Greek, Cyrillic) that fold to one letter of the same length; 0 = not one.
constexpr std::array<std::uint16_t, 0x460> make_simple_folds() {
    std::array<std::uint16_t, 0x460> folds{};
    const auto same = [&](unsigned first, unsigned last) {
        for (unsigned c = first; c <= last; ++c) folds[c] = static_cast<std::uint16_t>(c);
    };
    const auto shifted = [&](unsigned first, unsigned last, unsigned distance) {
        for (unsigned c = first; c <= last; ++c) folds[c] = static_cast<std::uint16_t>(c + distance);
    };
    shifted(0xC0, 0xDE, 0x20);
    same(0xE0, 0xFF);
    shifted(0x391, 0x3A9, 0x20);
    same(0x3B1, 0x3C9);
    shifted(0x400, 0x40F, 0x50);
    shifted(0x410, 0x42F, 0x20);
    same(0x430, 0x45F);
    for (const unsigned other : {0xD7U, 0xF7U, 0x3A2U, 0x3C2U}) folds[other] = 0;  // signs; unassigned; final sigma
    return folds;
}
inline constexpr auto simple_folds = make_simple_folds();

// The folded letter, 0 when folding is not that simple.
constexpr char32_t simple_fold(char32_t value) { return value < simple_folds.size() ? simple_folds[value] : 0; }

}  // namespace detail

// The character that `text` begins with; `text` begins with a byte from 0x80 up.
[[nodiscard]] Character wide_character(std::string_view text);

// `at` is within the text.
[[nodiscard]] inline Character character_at(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80) return wide_character(text.substr(at));
    const CharacterKind kind = detail::ascii_kinds[byte];
    return {kind, kind != CharacterKind::upper, 1};
}

// Whether a word may begin with it.
[[nodiscard]] constexpr bool begins_word(CharacterKind kind) {
    return kind >= CharacterKind::lower && kind <= CharacterKind::underscore;
}

[[nodiscard]] constexpr bool attaches(CharacterKind kind) {
    return kind == CharacterKind::mark || kind == CharacterKind::ignorable;
}

// The longest prefix of at most `bytes_max` that cuts no code point (of valid UTF-8).
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

}  // namespace archaeologist
