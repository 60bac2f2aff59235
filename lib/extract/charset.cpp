#include "extract/charset.hpp"

#include <uchardet.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/utf8.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t detect_bytes_max = 64 << 10;  // uchardet reads at 10 to 40 MB/s
constexpr std::size_t utf8_tail_max = 3;
constexpr double last_resort_confidence = 0.3;

struct Mark {
    std::string_view bytes;
    std::string_view charset;
};
// UTF-32LE before UTF-16LE, whose mark it begins with.
constexpr std::array<Mark, 4> marks{{{{"\xFF\xFE\0\0", 4}, "UTF-32LE"},
                                     {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
                                     {{"\xFF\xFE", 2}, "UTF-16LE"},
                                     {{"\xFE\xFF", 2}, "UTF-16BE"}}};

std::optional<CharsetGuess> by_mark(std::string_view bytes) {
    for (const auto& mark : marks) {
        if (bytes.starts_with(mark.bytes)) return CharsetGuess{std::string(mark.charset), 1, mark.bytes.size()};
    }
    return std::nullopt;
}

bool is_utf8(std::string_view bytes, Extent extent) {
    if (is_valid_utf8(bytes)) return true;
    if (extent == Extent::whole) return false;
    for (std::size_t cut = 1; cut <= utf8_tail_max && cut < bytes.size(); ++cut) {
        const auto lead = static_cast<unsigned char>(bytes[bytes.size() - cut]);
        if (lead >= 0xC0) return is_valid_utf8(bytes.substr(0, bytes.size() - cut));
    }
    return false;
}

// Text of any script has many characters below U+0100 (spaces, line ends, digits): one of each pair's bytes is often 0.
std::optional<std::string_view> utf16_without_mark(std::string_view bytes) {
    if (bytes.size() < 8) return std::nullopt;
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < bytes.size(); ++i) zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
    const std::size_t pairs = bytes.size() / 2;
    if (zeros[1] * 10 >= pairs * 3 && zeros[0] * 100 <= pairs) return "UTF-16LE";
    if (zeros[0] * 10 >= pairs * 3 && zeros[1] * 100 <= pairs) return "UTF-16BE";
    return std::nullopt;
}

std::string by_uchardet(std::string_view bytes) {
    const std::unique_ptr<uchardet, void (*)(uchardet_t)> detector(uchardet_new(), &uchardet_delete);
    uchardet_handle_data(detector.get(), bytes.data(), std::min(bytes.size(), detect_bytes_max));
    uchardet_data_end(detector.get());
    return uchardet_get_charset(detector.get());
}

bool is_odd_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b' && c != '\b') ||
           byte == 0x7F;
}

}  // namespace

CharsetGuess guess_charset(std::string_view bytes, Extent extent) {
    if (auto marked = by_mark(bytes)) return *marked;
    if (is_utf8(bytes, extent) && bytes.find('\0') == std::string_view::npos) {
        // ISO-2022 is ASCII with escape sequences, and so valid UTF-8 too.
        if (bytes.find("\x1b$") == std::string_view::npos) return {"UTF-8", 1, 0};
        const std::string escaped = by_uchardet(bytes);
        return {escaped.starts_with("ISO-2022") ? escaped : "UTF-8", 0.8, 0};
    }
    if (const auto wide = utf16_without_mark(bytes)) return {std::string(*wide), 0.9, 0};
    if (is_utf8(bytes, extent)) return {"UTF-8", 1, 0};
    const std::string recognised = by_uchardet(bytes);
    if (recognised == "ASCII" || recognised == "UTF-8") return {"UTF-8", 0.8, 0};
    if (!recognised.empty()) return {recognised, 0.8, 0};
    return {"WINDOWS-1252", last_resort_confidence, 0};
}

bool looks_like_text(std::string_view bytes, Extent extent) {
    if (by_mark(bytes) || utf16_without_mark(bytes)) return true;
    if (bytes.find('\0') != std::string_view::npos) return false;
    const auto odd = static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_odd_control));
    // Logs hold a stray control character now and then; compressed data are a tenth of them.
    const std::size_t allowed_of_1000 = is_utf8(bytes, extent) ? 50 : 5;
    return odd * 1'000 <= bytes.size() * allowed_of_1000;
}

}  // namespace archaeologist
