// Short lists of words, asked for every line: most names are told to be in none by one bit. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace archaeologist {

class Words {
public:
    constexpr Words() = default;
    // The words with a blank between two. Lives as long as they do.
    constexpr Words(const char* list) : list_(list) {  // NOLINT(google-explicit-constructor): a list is written as one
        for (std::size_t at = 0; at < list_.size();) {
            std::size_t end = at;
            while (end < list_.size() && list_[end] != ' ') ++end;
            const std::size_t bit = bit_of(list_.substr(at, end - at));
            bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
            at = end + 1;
        }
    }

    [[nodiscard]] bool has(std::string_view name) const { return may_have(name) && find(name); }
    // The same whatever the name's case; of a list in lower case.
    [[nodiscard]] bool has_any_case(std::string_view name) const { return may_have(name) && find_any_case(name); }

private:
    static constexpr std::size_t bit_of(std::string_view word) {
        const auto first = static_cast<unsigned char>(word.front() | 0x20);
        const auto last = static_cast<unsigned char>(word.back() | 0x20);
        return (first * 5U + last + word.size() * 11) % 256;
    }
    [[nodiscard]] constexpr bool may_have(std::string_view name) const {
        if (name.empty()) return false;
        const std::size_t bit = bit_of(name);
        return (bits_[bit / 64] >> (bit % 64) & 1) != 0;
    }
    [[nodiscard]] bool find(std::string_view name) const;
    [[nodiscard]] bool find_any_case(std::string_view name) const;

    std::string_view list_;
    std::array<std::uint64_t, 4> bits_{};
};

}  // namespace archaeologist
