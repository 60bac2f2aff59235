#include "text/outline/scanner.hpp"

#include <array>

namespace archaeologist {
namespace {

constexpr std::size_t word_bytes_max = 32;

}  // namespace

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

bool is_word_of(std::string_view list, std::string_view name) {
    if (name.empty() || name.size() > word_bytes_max) return false;
    for (std::size_t at = list.find(name); at != std::string_view::npos; at = list.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
    }
    return false;
}

bool is_word_of_any_case(std::string_view list, std::string_view name) {
    std::array<char, word_bytes_max> lower{};
    if (name.size() > lower.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    }
    return is_word_of(list, {lower.data(), name.size()});
}

}  // namespace archaeologist
