#include "vector/case_fold.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "text/characters.hpp"

namespace archaeologist {
namespace {

constexpr char32_t dotted_capital_i = 0x130;  // folds to two characters only, or in Turkish

void append_utf8(std::string& out, char32_t character) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

constexpr char fold_byte(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

// utf8proc knows full folding (status C and F). Where that gives more than one character, the simple folding is the
// lower-case letter, for every character of Unicode but İ.
char32_t simple_case_fold(char32_t character) {
    if (character < 0x80) return static_cast<char32_t>(fold_byte(static_cast<char>(character)));
    if (const char32_t folded = detail::simple_fold(character); folded != 0) {
        if (character != 0xDF) return folded;
        return character;
    }
    if (character == dotted_capital_i) return character;
    std::array<utf8proc_int32_t, 4> folded{};
    int boundary = 0;
    const auto size =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(character), folded.data(),
                                static_cast<utf8proc_ssize_t>(folded.size()), UTF8PROC_CASEFOLD, &boundary);
    if (size == 1) return static_cast<char32_t>(folded[0]);
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(character)));
}

void FoldedText::assign(std::string_view text) {
    folded_.clear();
    shifts_.clear();
    folded_.reserve(text.size() + 16);
    std::size_t at = 0;
    while (at < text.size()) {
        const auto is_wide = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        const auto* wide = std::find_if(text.data() + at, text.data() + text.size(), is_wide);
        const std::size_t begin = folded_.size();
        const auto ascii = text.substr(at, static_cast<std::size_t>(wide - text.data()) - at);
        folded_.append(ascii);
        std::transform(ascii.begin(), ascii.end(), folded_.begin() + static_cast<std::ptrdiff_t>(begin), fold_byte);
        at += ascii.size();
        while (at < text.size() && is_wide(text[at])) {
            const std::size_t before = folded_.size();
            const std::size_t length = append_character(text.substr(at));
            at += length;
            if (folded_.size() - before != length) shifts_.push_back({folded_.size(), at});
        }
    }
}

// Returns the bytes taken.
std::size_t FoldedText::append_character(std::string_view text) {
    const CodePoint character = decode_utf8(text);
    if (character.length == 0) {
        folded_ += text.front();
        return 1;
    }
    const char32_t folded = simple_case_fold(character.value);
    if (folded == character.value) {
        folded_.append(text.substr(0, character.length));
    } else {
        append_utf8(folded_, folded);
    }
    return character.length;
}

std::size_t FoldedText::original_offset(std::size_t offset) const {
    const auto after = std::upper_bound(shifts_.begin(), shifts_.end(), offset,
                                        [](std::size_t value, const Shift& shift) { return value < shift.folded; });
    if (after == shifts_.begin()) return offset;
    const Shift& shift = *std::prev(after);
    return shift.original + (offset - shift.folded);
}

}  // namespace archaeologist
