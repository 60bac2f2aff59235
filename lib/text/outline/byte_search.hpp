// Looks for the first of a few bytes. Pure.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace archaeologist {

// Where the first of the bytes stands from `at` on; the text's size when nowhere. At most 12 bytes are looked for.
template <std::size_t n>
[[nodiscard]] inline std::size_t find_first(std::string_view text, std::size_t at, const std::array<char, n>& wanted) {
#if defined(__SSE2__)
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        __m128i found = _mm_setzero_si128();
        for (const char c : wanted) found = _mm_or_si128(found, _mm_cmpeq_epi8(group, _mm_set1_epi8(c)));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
        if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
#endif
    for (; at < text.size(); ++at) {
        for (const char c : wanted) {
            if (text[at] == c) return at;
        }
    }
    return text.size();
}

}  // namespace archaeologist
