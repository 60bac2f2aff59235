#include "text/outline/words.hpp"

#include <array>

namespace archaeologist {
namespace {

constexpr std::size_t word_bytes_max = 32;

}  // namespace

bool Words::find(std::string_view name) const {
    for (std::size_t at = list_.find(name); at != std::string_view::npos; at = list_.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || list_[at - 1] == ' ') && (end == list_.size() || list_[end] == ' ')) return true;
    }
    return false;
}

bool Words::find_any_case(std::string_view name) const {
    std::array<char, word_bytes_max> lower{};
    if (name.size() > lower.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    }
    return find({lower.data(), name.size()});
}

}  // namespace archaeologist
