#include "vector/qdrant/grams.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/utf8.hpp"
#include "text/characters.hpp"
#include "vector/signature.hpp"

namespace archaeologist::qdrant {
namespace {

// Points of before have them stored: other grams need another member of the payload.
// A gram is the shortest run of whole characters that reaches one of them; none has an ASCII separator in it.
constexpr std::size_t gram_characters = 3;
constexpr std::size_t gram_bytes = 4;
// Of a literal so much is looked for, folded.
constexpr std::size_t sought_bytes = tail_bytes / fold_growth_max;

// Written as three letters or digits, which any of Qdrant's tokenizers takes for a word.
constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t gram_digits = 3;
constexpr std::size_t grams_max = digits.size() * digits.size() * digits.size();

bool is_ascii(char c) { return (c & 0x80) == 0; }
bool is_separator(char c) { return is_ascii(c) && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_'; }

std::size_t character_bytes(std::string_view text, std::size_t at) {
    return is_ascii(text[at]) ? 1 : std::max<std::size_t>(utf8_sequence_length(text.substr(at)), 1);
}

// Of the gram that begins at `begin`; grams_max if none does.
std::size_t hashed_gram(std::string_view folded, std::size_t begin) {
    std::uint64_t gram = 0;
    std::size_t at = begin;
    for (std::size_t characters = 0; characters < gram_characters && at - begin < gram_bytes; ++characters) {
        if (at == folded.size() || is_separator(folded[at])) return grams_max;
        const std::size_t end = at + character_bytes(folded, at);
        for (; at < end; ++at) gram = gram << 8 | static_cast<unsigned char>(folded[at]);
    }
    return static_cast<std::size_t>((gram * 0x9E37'79B9'7F4A'7C15U >> 32) * grams_max >> 32);
}

std::string grams_of(std::string_view folded) {
    std::array<std::uint64_t, grams_max / 64 + 1> seen{};
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < folded.size(); begin += character_bytes(folded, begin)) {
        const std::size_t gram = hashed_gram(folded, begin);
        if (gram == grams_max) continue;
        seen[gram / 64] |= std::uint64_t{1} << (gram % 64);
        ++count;
    }
    std::string words;
    words.reserve(count * (gram_digits + 1));
    for (std::size_t i = 0; i < seen.size(); ++i) {
        for (std::uint64_t bits = seen[i]; bits != 0; bits &= bits - 1) {
            const std::size_t gram = 64 * i + static_cast<std::size_t>(std::countr_zero(bits));
            if (!words.empty()) words += ' ';
            words += digits[gram / (digits.size() * digits.size())];
            words += digits[gram / digits.size() % digits.size()];
            words += digits[gram % digits.size()];
        }
    }
    return words;
}

}  // namespace

std::string grams_of_core(std::string_view before, std::string_view core) {
    std::string text(before.substr(before.size() - std::min(before.size(), tail_bytes)));
    return grams_of(fold_for_signature(text += core));
}

std::string grams_of_literal(std::string_view literal) {
    const std::string folded = fold_for_signature(literal);
    const auto first = std::find_if_not(folded.begin(), folded.end(), is_separator);
    return grams_of(
        utf8_prefix(std::string_view(folded).substr(static_cast<std::size_t>(first - folded.begin())), sought_bytes));
}

}  // namespace archaeologist::qdrant
