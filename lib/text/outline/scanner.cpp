#include "text/outline/scanner.hpp"

namespace archaeologist {

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n'); };
    std::size_t begin = 0;
    std::size_t end = text.size();
    while (begin < end && is_space(text[begin])) ++begin;
    while (end > begin && is_space(text[end - 1])) --end;
    return text.substr(begin, end - begin);
}

std::string_view leading_name(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && is_name_byte(text[size])) ++size;
    return text.substr(0, size);
}

}  // namespace archaeologist
