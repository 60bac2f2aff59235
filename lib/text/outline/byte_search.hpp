// What is asked of every byte, sixteen at a time where the machine can. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace archaeologist {

namespace detail {

constexpr std::array<bool, 256> make_name_bytes() {
    std::array<bool, 256> is_in{};
    for (std::size_t c = 0; c < is_in.size(); ++c) {
        is_in[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
    }
    return is_in;
}
inline constexpr std::array<bool, 256> name_bytes = make_name_bytes();

}  // namespace detail

// A byte of a name in most languages. Bytes of other scripts are.
[[nodiscard]] inline bool is_name_byte(char c) { return detail::name_bytes[static_cast<unsigned char>(c)]; }

// How many spaces and tabs a line begins with.
[[nodiscard]] inline std::size_t indent_of(std::string_view line) {
    std::size_t at = 0;
#if defined(__SSE2__)
    for (; at + 16 <= line.size(); at += 16) {
        const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data() + at));
        const __m128i blanks =
            _mm_or_si128(_mm_cmpeq_epi8(group, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(group, _mm_set1_epi8('\t')));
        const auto others = static_cast<unsigned>(_mm_movemask_epi8(blanks)) ^ 0xFFFFU;
        if (others != 0) return at + static_cast<std::size_t>(std::countr_zero(others));
    }
#endif
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    return at;
}

// A few bytes to look for.
template <std::size_t n>
struct ByteSet {
    std::array<char, n> bytes{};
    std::array<bool, 256> is_in{};

    template <class... Bytes>
    constexpr ByteSet(Bytes... all) : bytes{all...} {  // NOLINT(google-explicit-constructor): it is a list
        for (const char c : bytes) is_in[static_cast<unsigned char>(c)] = true;
    }
};
template <class... Bytes>
ByteSet(Bytes...) -> ByteSet<sizeof...(Bytes)>;

#if defined(__SSE2__)
// Which of sixteen bytes are some of the set's. Each of these is a constant of its own: a loop over them would spread them
// over a register again and again.
template <const auto& wanted, std::size_t... i>
[[nodiscard]] inline unsigned mask_of(const char* bytes, std::index_sequence<i...> /*all*/) {
    const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    __m128i found = _mm_setzero_si128();
    ((found = _mm_or_si128(found, _mm_cmpeq_epi8(group, _mm_set1_epi8(wanted.bytes[i])))), ...);
    return static_cast<unsigned>(_mm_movemask_epi8(found));
}
#endif

// Where the first of the bytes stands from `at` on; the text's size when nowhere. At most 12 bytes are looked for.
template <const auto& wanted>
[[nodiscard]] inline std::size_t find_first(std::string_view text, std::size_t at) {
#if defined(__SSE2__)
    const auto look = [&](std::size_t begin) {
        return mask_of<wanted>(text.data() + begin, std::make_index_sequence<wanted.bytes.size()>{});
    };
    for (; at + 16 <= text.size(); at += 16) {
        const unsigned mask = look(at);
        if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
    if (text.size() >= 16 && at < text.size()) {  // the last group once more, without what was looked at
        const std::size_t begin = text.size() - 16;
        const unsigned mask = look(begin) >> (at - begin);
        return mask != 0 ? at + static_cast<std::size_t>(std::countr_zero(mask)) : text.size();
    }
#endif
    while (at < text.size() && !wanted.is_in[static_cast<unsigned char>(text[at])]) ++at;
    return at;
}

// The same of two bytes that are known late.
[[nodiscard]] inline std::size_t find_either(std::string_view text, std::size_t at, char one, char other) {
#if defined(__SSE2__)
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const __m128i found =
            _mm_or_si128(_mm_cmpeq_epi8(group, _mm_set1_epi8(one)), _mm_cmpeq_epi8(group, _mm_set1_epi8(other)));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
        if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
#endif
    while (at < text.size() && text[at] != one && text[at] != other) ++at;
    return at;
}

// Steps from line to line: lines are short, and asking for each of them anew costs more than its bytes do.
class NewlineFinder {
public:
    explicit NewlineFinder(std::string_view text) : text_(text) {}

    // Where the first newline stands in [at, end); end when nowhere. Cheapest when asked from front to back.
    [[nodiscard]] std::size_t find(std::size_t at, std::size_t end) {
        while (at < end) {
            if (at < block_ || at - block_ >= block_bytes) look(at);
            const std::uint64_t mask =
                newlines_ >> ((at - block_) % block_bytes);  // it is less, which no analyzer sees
            if (mask != 0) return std::min(at + static_cast<std::size_t>(std::countr_zero(mask)), end);
            at = block_ + block_bytes;
        }
        return end;
    }

private:
    static constexpr std::size_t block_bytes = 64;

    void look(std::size_t at) {
        block_ = text_.size() < block_bytes ? 0 : std::min(at, text_.size() - block_bytes);
        newlines_ = 0;
        const std::size_t size = std::min(text_.size(), block_bytes);
        const char* const bytes = text_.data() + block_;
        std::size_t i = 0;
#if defined(__SSE2__)
        for (; i + 16 <= size; i += 16) {
            const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
            const __m128i found = _mm_cmpeq_epi8(group, _mm_set1_epi8('\n'));
            newlines_ |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << i;
        }
#endif
        for (; i < size; ++i) newlines_ |= static_cast<std::uint64_t>(bytes[i] == '\n' ? 1 : 0) << i;
    }

    std::string_view text_;
    std::size_t block_ = SIZE_MAX;  // where the bytes begin that were looked at together; at first none
    std::uint64_t newlines_ = 0;
};

struct Brackets {
    std::size_t open = 0;
    std::size_t close = 0;
};

// How many round, square and curly brackets there are; of at most 4,000 bytes.
[[nodiscard]] inline Brackets count_brackets(std::string_view text) {
    Brackets count;
    std::size_t at = 0;
#if defined(__SSE2__)
    __m128i open = _mm_setzero_si128();
    __m128i close = _mm_setzero_si128();
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const __m128i folded = _mm_or_si128(group, _mm_set1_epi8(0x20));  // [ as {, ] as }
        open = _mm_sub_epi8(open, _mm_cmpeq_epi8(group, _mm_set1_epi8('(')));
        open = _mm_sub_epi8(open, _mm_cmpeq_epi8(folded, _mm_set1_epi8('{')));
        close = _mm_sub_epi8(close, _mm_cmpeq_epi8(group, _mm_set1_epi8(')')));
        close = _mm_sub_epi8(close, _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
    }
    const auto sum = [](__m128i lanes) {
        const __m128i halves = _mm_sad_epu8(lanes, _mm_setzero_si128());
        return static_cast<std::size_t>(_mm_cvtsi128_si64(halves)) +
               static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_srli_si128(halves, 8)));
    };
    if (at > 0) count = {sum(open), sum(close)};
#endif
    for (; at < text.size(); ++at) {
        const char c = text[at];
        count.open += c == '(' || c == '[' || c == '{' ? 1 : 0;
        count.close += c == ')' || c == ']' || c == '}' ? 1 : 0;
    }
    return count;
}

}  // namespace archaeologist
