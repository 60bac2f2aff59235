#include "redis/slot.hpp"

#include <array>
#include <cstdint>

namespace archaeologist::redis {

namespace {

constexpr std::array<std::uint16_t, 256> crc_table = [] {
    std::array<std::uint16_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte << 8;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        table[byte] = static_cast<std::uint16_t>(crc);
    }
    return table;
}();

std::string_view tag_of(std::string_view key) {
    const std::size_t open = key.find('{');
    if (open == std::string_view::npos) return key;
    const std::size_t close = key.find('}', open + 1);
    if (close == std::string_view::npos || close == open + 1) return key;
    return key.substr(open + 1, close - open - 1);
}

}  // namespace

std::size_t slot_of(std::string_view key) {
    std::uint32_t crc = 0;
    for (const char c : tag_of(key)) {
        crc = ((crc << 8) & 0xffff) ^ crc_table[(crc >> 8) ^ static_cast<unsigned char>(c)];
    }
    return crc % slot_count;
}

}  // namespace archaeologist::redis
