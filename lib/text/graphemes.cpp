#include "text/graphemes.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace archaeologist {
namespace {

// A byte that is not UTF-8 stands for itself, as U+FFFD.
CodePoint code_point_at(std::string_view text, std::size_t at) {
    const CodePoint code_point = decode_utf8(text.substr(at));
    return code_point.length > 0 ? code_point : CodePoint{0xFFFD, 1};
}

std::size_t previous(std::string_view text, std::size_t at) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(at, 4); ++length) {
        if (decode_utf8(text.substr(at - length)).length == length) return at - length;
    }
    return at - 1;
}

// Between two characters of these classes there is always a boundary (CR LF aside); the others look further or attach.
bool stands_alone(char32_t value) {
    switch (utf8proc_get_property(static_cast<utf8proc_int32_t>(value))->boundclass) {
        case UTF8PROC_BOUNDCLASS_OTHER:
        case UTF8PROC_BOUNDCLASS_CR:
        case UTF8PROC_BOUNDCLASS_LF:
        case UTF8PROC_BOUNDCLASS_CONTROL:
        case UTF8PROC_BOUNDCLASS_LV:
        case UTF8PROC_BOUNDCLASS_LVT:
        case UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC: return true;
        default: return false;
    }
}

}  // namespace

bool surely_parts_graphemes(std::string_view text, std::size_t at) {
    if (at == 0 || at >= text.size()) return true;
    const auto left_byte = static_cast<unsigned char>(text[at - 1]);
    const auto right_byte = static_cast<unsigned char>(text[at]);
    if (left_byte < 0x80 && right_byte < 0x80) return left_byte != '\r' || right_byte != '\n';
    const char32_t left = code_point_at(text, previous(text, at)).value;
    const char32_t right = code_point_at(text, at).value;
    return stands_alone(left) && stands_alone(right);
}

Found last_grapheme_boundary(std::string_view text, std::size_t limit) {
    std::size_t safe = limit;
    while (safe > 0 && !surely_parts_graphemes(text, safe)) safe = previous(text, safe);
    std::size_t last = safe;
    utf8proc_int32_t state = 0;
    CodePoint left = code_point_at(text, safe);
    for (std::size_t at = safe + left.length; at <= limit; at += left.length) {
        const CodePoint right = code_point_at(text, at);
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(left.value),
                                             static_cast<utf8proc_int32_t>(right.value), &state)) {
            last = at;
        }
        left = right;
    }
    return {last, 2 * (limit - safe)};
}

}  // namespace archaeologist
