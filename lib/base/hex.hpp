// Bytes as lower-case hexadecimal and back.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace archaeologist {

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
// Fills `bytes` exactly; false when the text has another length or a character that is no hexadecimal digit.
[[nodiscard]] bool from_hex(std::string_view text, std::span<std::uint8_t> bytes);

}  // namespace archaeologist
