#include "host/figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace archaeologist::host {
namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), format, values...);
    return {text.data(), std::min(static_cast<std::size_t>(std::max(length, 0)), text.size() - 1)};
}

// Three digits, whatever the size.
std::string three_digits(double value) {
    if (value < 9.995) return formatted("%.2f", value);
    return value < 99.95 ? formatted("%.1f", value) : formatted("%.0f", value);
}

// Minutes and seconds, behind hours when there are any.
std::string clock_text(double whole_seconds) {
    const auto seconds = static_cast<long long>(std::min(whole_seconds, 1e15));
    if (seconds < 3'600) return formatted("%lld:%02lld", seconds / 60, seconds % 60);
    return formatted("%lld:%02lld:%02lld", seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

std::string grouped(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return digits;
}

std::string count_text(std::int64_t count) { return grouped(count < 0 ? 0 : static_cast<std::uint64_t>(count)); }

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1'000) return std::to_string(bytes) + " B";
    constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes) / 1'000;
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1'000;
    return three_digits(value) + ' ' + units[unit];
}

std::string rate_text(double bytes_per_s) {
    if (!std::isfinite(bytes_per_s) || bytes_per_s <= 0) return "–";
    return three_digits(bytes_per_s / 1e6) + " MB/s";
}

std::string duration_text(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return "–";
    if (seconds < 9.995) return formatted("%.2f s", seconds);
    return seconds < 59.5 ? formatted("%.0f s", seconds) : clock_text(std::round(seconds));
}

std::string countdown_text(double seconds) {
    return std::isfinite(seconds) && seconds >= 0 ? clock_text(std::ceil(seconds)) : "–";
}

}  // namespace archaeologist::host
