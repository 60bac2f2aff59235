// UTF-8 (RFC 3629), the little that every folder needs. More stands in text/.
#pragma once

#include <cstddef>
#include <string_view>

namespace archaeologist {

// The length in bytes of the well-formed sequence that `text` begins with, 0 if there is none (overlong forms,
// surrogates and values above U+10FFFF are not well-formed).
[[nodiscard]] std::size_t utf8_sequence_length(std::string_view text);

// The same as a number; `length` 0 when malformed.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;
};
[[nodiscard]] CodePoint decode_utf8(std::string_view text);

// Whether the whole text is well-formed (simdjson's SIMD validation).
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace archaeologist
