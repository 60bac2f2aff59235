// Numbers and texts as Lua's struct library writes them: little-endian, texts behind their length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace archaeologist::redis_queue {

class Packer {
public:
    template <class Number>
    Packer& number(Number value) {
        auto bits = static_cast<std::uint64_t>(value);
        for (std::size_t i = 0; i < sizeof(Number); ++i, bits >>= 8) bytes_ += static_cast<char>(bits & 0xFF);
        return *this;
    }
    Packer& raw(std::string_view bytes) {
        bytes_ += bytes;
        return *this;
    }
    template <class Length>
    Packer& text(std::string_view bytes) {
        number(static_cast<Length>(bytes.size()));
        return raw(bytes);
    }
    [[nodiscard]] std::string bytes() && { return std::move(bytes_); }

private:
    std::string bytes_;
};

// Reads past the end give 0 and "", and `is_whole` says so.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

    template <class Number>
    Number number() {
        std::uint64_t bits = 0;
        const std::string_view taken = raw(sizeof(Number));
        for (std::size_t i = taken.size(); i > 0; --i) bits = bits << 8 | static_cast<std::uint8_t>(taken[i - 1]);
        return static_cast<Number>(bits);
    }
    std::string_view raw(std::size_t count) {
        if (count > bytes_.size()) {
            is_whole_ = false;
            bytes_ = {};
            return {};
        }
        const std::string_view taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }
    template <class Length>
    std::string_view text() {
        return raw(static_cast<std::size_t>(number<Length>()));
    }
    [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }
    [[nodiscard]] bool is_whole() const { return is_whole_; }

private:
    std::string_view bytes_;
    bool is_whole_ = true;
};

}  // namespace archaeologist::redis_queue
