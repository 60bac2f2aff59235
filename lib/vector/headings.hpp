// What a chunk's parts stand under, as stores keep it and queries ask for it. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// A line for each: how far behind the core's begin it begins, a blank, its text.
[[nodiscard]] std::string packed_headings(std::span<const Heading> headings, std::uint64_t core_begin);
// `store` is what they were read from, for the message. Errors: corrupt.
[[nodiscard]] Result<std::vector<Heading>> unpacked_headings(std::string_view packed, std::uint64_t core_begin,
                                                             std::string_view store);

// What the byte at `at` of a chunk stands under; `heading` is the chunk's.
[[nodiscard]] const std::string& heading_at(std::uint64_t at, const std::string& heading,
                                            std::span<const Heading> headings);

// Whether the chunk's heading is one that `is` is true of, or any of its parts'.
template <class Is>
[[nodiscard]] bool any_heading(std::string_view heading, std::span<const Heading> headings, Is is) {
    return is(heading) ||
           std::any_of(headings.begin(), headings.end(), [&](const Heading& part) { return is(part.text); });
}

}  // namespace archaeologist
