// How many tokens a text is to a model, estimated without the model: four ASCII bytes make one token, every other code
// point is one. A rule of thumb, checked against no tokenizer: leave a margin below a model's limit. Counted in
// quarters, so that estimates of parts add up to that of the whole, and so that quarters >= bytes for any valid text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace archaeologist {

inline constexpr std::size_t token_quarters = 4;

// Then every byte is a quarter.
[[nodiscard]] bool is_ascii(std::string_view text);

[[nodiscard]] std::size_t estimate_quarters(std::string_view text);

[[nodiscard]] constexpr std::uint32_t tokens_of(std::size_t quarters) {
    return static_cast<std::uint32_t>((quarters + token_quarters - 1) / token_quarters);
}

// The longest prefix of whole code points with at most `quarters`. Of bytes that are not UTF-8 never more than
// `quarters`.
[[nodiscard]] std::size_t prefix_within(std::string_view text, std::size_t quarters);
// Where the longest such suffix begins.
[[nodiscard]] std::size_t suffix_within(std::string_view text, std::size_t quarters);

}  // namespace archaeologist
