#include "text/outline/scanner.hpp"

namespace archaeologist {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\v\f";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string_view leading_name(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && is_name_byte(text[size])) ++size;
    return text.substr(0, size);
}

}  // namespace archaeologist
