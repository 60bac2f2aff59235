// Bytes of any charset as UTF-8, as a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"
#include "extract/charset.hpp"

namespace archaeologist {

// Whatever comes in, valid UTF-8 comes out; how the bytes are cut into pieces makes no difference. Valid UTF-8 is kept byte
// for byte, a UTF-8 byte order mark included, so that offsets are those of the file; UTF-16 and UTF-32 lose their mark. What
// cannot be decoded becomes U+FFFD, one for each byte (for each unit in UTF-16 and UTF-32), and is counted.
// One thread at a time.
class Decoder {
public:
    // `beginning` decides the charset; it is not decoded by this. Errors: unsupported (iconv does not know the charset).
    [[nodiscard]] static Result<Decoder> open(std::string_view beginning, Extent extent);
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;
    ~Decoder();

    // The text of the next bytes; lives until the next call, or as long as `bytes`. Never ends inside a code point.
    [[nodiscard]] Result<std::string_view> push(std::string_view bytes);
    // The bytes are over.
    [[nodiscard]] Result<std::string_view> finish();

    [[nodiscard]] const std::string& charset() const { return guess_.charset; }
    [[nodiscard]] double confidence() const { return guess_.confidence; }
    [[nodiscard]] std::uint64_t replaced_bytes() const { return replaced_bytes_; }
    // Whether the text so far is the bytes so far.
    [[nodiscard]] bool identical() const { return identical_; }

private:
    struct Converter;
    explicit Decoder(CharsetGuess guess);
    void replace(std::size_t bytes);
    [[nodiscard]] std::string_view push_utf8(std::string_view bytes);
    [[nodiscard]] std::string_view push_other(std::string_view bytes);
    void keep_utf8(std::string_view bytes);

    CharsetGuess guess_;
    std::unique_ptr<Converter> converter_;  // null for UTF-8
    std::string rest_;                      // the beginning of a character that the next bytes may complete
    std::string out_;
    std::size_t mark_left_ = 0;
    std::uint64_t replaced_bytes_ = 0;
    bool identical_ = true;
};

}  // namespace archaeologist
