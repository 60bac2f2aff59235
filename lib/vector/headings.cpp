#include "vector/headings.hpp"

#include <charconv>

namespace archaeologist {

std::string packed_headings(std::span<const Heading> headings, std::uint64_t core_begin) {
    std::string packed;
    for (const Heading& part : headings) {
        packed += std::to_string(part.begin - core_begin);
        packed += ' ';
        packed += part.text;
        packed += '\n';
    }
    return packed;
}

Result<std::vector<Heading>> unpacked_headings(std::string_view packed, std::uint64_t core_begin,
                                               std::string_view store) {
    std::vector<Heading> headings;
    while (!packed.empty()) {
        const std::string_view line = packed.substr(0, packed.find('\n'));
        Heading part;
        const auto [behind, error] = std::from_chars(line.data(), line.data() + line.size(), part.begin);
        const auto digits = static_cast<std::size_t>(behind - line.data());
        if (error != std::errc() || !line.substr(digits).starts_with(' ') || line.size() == packed.size()) {
            return Error{Code::corrupt, std::string(store) + ": headings \"" + std::string(packed.substr(0, 80)) +
                                            "\" must be lines, each a number, a blank and a text"};
        }
        part.begin += core_begin;
        part.text = line.substr(digits + 1);
        headings.push_back(std::move(part));
        packed.remove_prefix(line.size() + 1);
    }
    return headings;
}

const std::string& heading_at(std::uint64_t at, const std::string& heading, std::span<const Heading> headings) {
    const auto behind = std::upper_bound(headings.begin(), headings.end(), at,
                                         [](std::uint64_t place, const Heading& part) { return place < part.begin; });
    return behind == headings.begin() ? heading : std::prev(behind)->text;
}

}  // namespace archaeologist
