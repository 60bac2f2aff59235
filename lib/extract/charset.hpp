// In which charset bytes are written, judged by their beginning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace archaeologist {

enum class Extent : std::uint8_t { whole, beginning };  // whether more bytes follow those at hand

struct CharsetGuess {
    std::string charset;         // as iconv names it; "UTF-8" also for ASCII
    double confidence = 0;       // 1 for a byte order mark or valid UTF-8, 0.9 for UTF-16 without a mark, 0.8 for what
                                 // uchardet recognised (it tells no figure of its own), 0.3 for the last resort
    std::size_t mark_bytes = 0;  // of a byte order mark that is no part of the text
};

// Byte order mark, valid UTF-8, UTF-16 by its zero bytes, uchardet, else windows-1252.
[[nodiscard]] CharsetGuess guess_charset(std::string_view bytes, Extent extent);

// Whether people could read it: no NUL outside UTF-16 and UTF-32, hardly any control character.
[[nodiscard]] bool looks_like_text(std::string_view bytes, Extent extent);

}  // namespace archaeologist
