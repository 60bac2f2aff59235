#include "text/token_estimate.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace archaeologist {
namespace {

constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080U;

std::uint64_t load(std::string_view text, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    return word;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

constexpr std::size_t quarters_of(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 ? 1 : byte < 0xC0 ? 0 : token_quarters;
}

std::size_t count_lanes(std::uint64_t high) {
    return static_cast<std::size_t>(((high >> 7) * 0x0101'0101'0101'0101U) >> 56);
}

// Of eight bytes: 1 for ASCII, 4 for the first byte of a longer sequence, 0 for the others.
std::size_t quarters_of_word(std::uint64_t word) {
    const std::uint64_t wide = word & high_bits;
    if (wide == 0) return 8;
    const std::uint64_t continuations = wide & ~(word << 1);
    return 8 + 3 * count_lanes(wide) - 4 * count_lanes(continuations);
}

bool is_ascii_block(std::string_view text, std::size_t at) {
    return ((load(text, at) | load(text, at + 8) | load(text, at + 16) | load(text, at + 24)) & high_bits) == 0;
}

}  // namespace

bool is_ascii(std::string_view text) {
    std::size_t at = 0;
    for (; at + 32 <= text.size(); at += 32) {
        if (!is_ascii_block(text, at)) return false;
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t estimate_quarters(std::string_view text) {
    std::size_t quarters = 0;
    std::size_t at = 0;
    for (; at + 32 <= text.size() && is_ascii_block(text, at); at += 32) quarters += 32;
    for (; at + 8 <= text.size(); at += 8) quarters += quarters_of_word(load(text, at));
    for (; at < text.size(); ++at) quarters += quarters_of(text[at]);
    return quarters;
}

std::size_t prefix_within(std::string_view text, std::size_t quarters) {
    text = text.substr(0, quarters);
    std::size_t left = quarters;
    std::size_t at = 0;
    for (; at + 32 <= text.size() && is_ascii_block(text, at); at += 32) left -= 32;
    for (; at + 8 <= text.size(); at += 8) {
        const std::size_t cost = quarters_of_word(load(text, at));
        if (cost > left) break;
        left -= cost;
    }
    // Continuation bytes cost nothing, so a sequence begun within the budget is finished.
    for (; at < text.size() && quarters_of(text[at]) <= left; ++at) left -= quarters_of(text[at]);
    return at;
}

std::size_t suffix_within(std::string_view text, std::size_t quarters) {
    const std::size_t floor = text.size() - std::min(text.size(), quarters);
    std::size_t left = quarters;
    std::size_t at = text.size();
    for (; at >= floor + 32 && left >= 32 && is_ascii_block(text, at - 32); at -= 32) left -= 32;
    while (at > floor) {
        std::size_t begin = at - 1;
        while (begin > floor && is_continuation(text[begin])) --begin;
        const std::size_t cost = quarters_of(text[begin]);
        if (cost > left || is_continuation(text[begin])) break;
        left -= cost;
        at = begin;
    }
    return at;
}

}  // namespace archaeologist
