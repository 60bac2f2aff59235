// Which of a Cluster's 16384 slots a key is in (Redis Cluster specification). Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace archaeologist::redis {

constexpr std::size_t slot_count = 16'384;

// CRC-16/XMODEM of the key's hash tag, the first {…} that is not empty; of the whole key when it has none.
[[nodiscard]] std::size_t slot_of(std::string_view key);

}  // namespace archaeologist::redis
