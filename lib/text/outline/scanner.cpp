#include "text/outline/scanner.hpp"

namespace archaeologist {

std::string_view leading_name(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && is_name_byte(text[size])) ++size;
    return text.substr(0, size);
}

}  // namespace archaeologist
