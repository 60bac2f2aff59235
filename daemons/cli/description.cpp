#include "cli/description.hpp"

#include "host/printable.hpp"

namespace archaeologist::cli {

void Description::add(std::string_view name, const std::string& value) {
    constexpr std::size_t width = 14;
    if (value.empty()) return;
    text_ += std::string(name) + std::string(width - name.size(), ' ') + host::printable(value) + '\n';
}

void Description::add(std::string_view name, const std::optional<TimePoint>& at) {
    if (at) add(name, to_rfc3339(*at));
}

}  // namespace archaeologist::cli
