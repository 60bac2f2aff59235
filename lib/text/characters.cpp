#include "text/characters.hpp"

#include <utf8proc.h>

#include "base/utf8.hpp"

namespace archaeologist {
namespace {

struct Span {
    char32_t first;
    char32_t last;
};

template <std::size_t n>
bool contains(const Span (&spans)[n], char32_t value) {
    for (const Span& span : spans) {
        if (value >= span.first && value <= span.last) return true;
    }
    return false;
}

// The common ones: folding leaves them alone, so they need no look at the tables.
constexpr Span folded_ideographs[] = {{0x4E00, 0x9FFF}, {0x3041, 0x3096}, {0x30A1, 0x30FA},
                                      {0x30FC, 0x30FE}, {0xAC00, 0xD7A3}, {0x3400, 0x4DBF}};
constexpr Span other_ideographs[] = {{0x0E01, 0x0E4E}, {0x1100, 0x115F}, {0x2E80, 0x2FD5},   {0x3005, 0x3007},
                                     {0x3021, 0x3029}, {0x3038, 0x303B}, {0x309D, 0x309F},   {0x30FF, 0x30FF},
                                     {0x3131, 0x318E}, {0x31F0, 0x31FF}, {0xA960, 0xA97C},   {0xF900, 0xFAFF},
                                     {0xFF66, 0xFF9D}, {0xFFA1, 0xFFDC}, {0x1B000, 0x1B16F}, {0x20000, 0x3FFFD}};
// Vowel and final jamo, half-width sound marks: letters by category, yet they complete the syllable before them.
constexpr Span trailing_letters[] = {{0x1160, 0x11FF}, {0xD7B0, 0xD7FF}, {0xFF9E, 0xFF9F}};

CharacterKind kind_by_category(const utf8proc_property_t& property) {
    switch (property.category) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LT: return CharacterKind::upper;
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO: return CharacterKind::lower;
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO: return CharacterKind::digit;
        // Signs that stand for letters (™, ㎏): they fold to them.
        case UTF8PROC_CATEGORY_SO: return property.decomp_type != 0 ? CharacterKind::lower : CharacterKind::separator;
        default: return CharacterKind::separator;
    }
}

CharacterKind wide_kind(char32_t value) {
    const utf8proc_property_t& property = *utf8proc_get_property(static_cast<utf8proc_int32_t>(value));
    if (property.ignorable) return CharacterKind::ignorable;
    const bool is_mark = property.category == UTF8PROC_CATEGORY_MN || property.category == UTF8PROC_CATEGORY_MC ||
                         property.category == UTF8PROC_CATEGORY_ME;
    if (is_mark || contains(trailing_letters, value)) return CharacterKind::mark;
    if (property.category == UTF8PROC_CATEGORY_CN) return CharacterKind::separator;
    if (contains(other_ideographs, value)) return CharacterKind::ideograph;
    if (value == 0xFF3F) return CharacterKind::underscore;  // full width
    return kind_by_category(property);
}

}  // namespace

Character wide_character(std::string_view text) {
    const CodePoint code_point = decode_utf8(text);
    if (code_point.length == 0) return {CharacterKind::separator, true, 1};
    if (const char32_t folded = detail::simple_fold(code_point.value); folded != 0) {
        const bool is_folded = folded == code_point.value;
        return {is_folded ? CharacterKind::lower : CharacterKind::upper, is_folded, code_point.length};
    }
    if (contains(folded_ideographs, code_point.value)) return {CharacterKind::ideograph, true, code_point.length};
    return {wide_kind(code_point.value), false, code_point.length};
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace archaeologist
