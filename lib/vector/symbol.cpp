#include "vector/symbol.hpp"

#include <algorithm>
#include <cstddef>

namespace archaeologist {
namespace {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Goes back to the last star only, so time is bounded by the product of the sizes.
bool is_like(std::string_view text, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_at = 0;
    while (at < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            star_at = at;
        } else if (in_pattern < pattern.size() && to_lower(pattern[in_pattern]) == to_lower(text[at])) {
            ++in_pattern;
            ++at;
        } else if (star != std::string_view::npos) {
            in_pattern = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace

std::string_view last_part_of_symbol(std::string_view symbol) {
    const std::size_t separator = symbol.find_last_of(":.#>/ ");
    return separator == std::string_view::npos ? symbol : symbol.substr(separator + 1);
}

bool matches_symbol(std::string_view symbol, std::string_view pattern) {
    if (symbol.empty()) return false;
    if (is_like(symbol, pattern) || is_like(last_part_of_symbol(symbol), pattern)) return true;
    // "Guide > How to install" by its last heading.
    const std::size_t arrow = symbol.rfind(" > ");
    return arrow != std::string_view::npos && is_like(symbol.substr(arrow + 3), pattern);
}

}  // namespace archaeologist
