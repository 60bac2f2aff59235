#include "extract/decode.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/utf8.hpp"

namespace archaeologist {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::size_t sequence_max = 16;  // bytes of one character in any charset, with its shift sequences

// How many bytes at the end begin a character that more bytes could complete.
std::size_t open_end(std::string_view bytes) {
    for (std::size_t size = 1; size <= 3 && size <= bytes.size(); ++size) {
        const auto lead = static_cast<unsigned char>(bytes[bytes.size() - size]);
        if (lead < 0x80) return 0;
        if (lead < 0xC0) continue;
        const std::size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        return size < wanted ? size : 0;
    }
    return 0;
}

}  // namespace

struct Decoder::Converter {
    explicit Converter(const std::string& charset)
        : handle(::iconv_open("UTF-8", charset.c_str())),
          unit_bytes(charset.starts_with("UTF-32")   ? 4
                     : charset.starts_with("UTF-16") ? 2
                                                     : 1) {}
    ~Converter() {
        if (is_open()) ::iconv_close(handle);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    [[nodiscard]] bool is_open() const {
        return handle != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): iconv_open(3) says so
    }

    iconv_t handle;
    std::size_t unit_bytes;
};

Decoder::Decoder(CharsetGuess guess) : guess_(std::move(guess)), mark_left_(guess_.mark_bytes) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Result<Decoder> Decoder::open(std::string_view beginning, Extent extent) {
    Decoder decoder(guess_charset(beginning, extent));
    if (decoder.charset() == "UTF-8") return decoder;
    decoder.identical_ = false;
    decoder.converter_ = std::make_unique<Converter>(decoder.charset());
    if (!decoder.converter_->is_open()) {
        return Error{Code::unsupported, "charset " + decoder.charset() + " is not known to iconv"};
    }
    return decoder;
}

Result<std::string_view> Decoder::push(std::string_view bytes) {
    const std::size_t mark = std::min(mark_left_, bytes.size());
    mark_left_ -= mark;
    bytes.remove_prefix(mark);
    return converter_ ? push_other(bytes) : push_utf8(bytes);
}

Result<std::string_view> Decoder::finish() {
    out_.clear();
    if (!rest_.empty()) replace(rest_.size());
    rest_.clear();
    return std::string_view(out_);
}

void Decoder::replace(std::size_t bytes) {
    const std::size_t unit = converter_ ? converter_->unit_bytes : 1;
    for (std::size_t i = 0; i < bytes; i += unit) out_.append(replacement);
    replaced_bytes_ += bytes;
    identical_ = false;
}

std::string_view Decoder::push_utf8(std::string_view bytes) {
    const std::size_t open = open_end(bytes);
    const auto closed = bytes.substr(0, bytes.size() - open);
    if (rest_.empty() && is_valid_utf8(closed)) {
        rest_.assign(bytes.substr(closed.size()));
        return closed;
    }
    out_.clear();
    std::string whole = std::move(rest_);
    whole.append(bytes);
    const std::size_t open_now = open_end(whole);
    keep_utf8(std::string_view(whole).substr(0, whole.size() - open_now));
    rest_.assign(whole, whole.size() - open_now);
    return out_;
}

void Decoder::keep_utf8(std::string_view bytes) {
    if (is_valid_utf8(bytes)) {
        out_.append(bytes);
        return;
    }
    std::size_t good_begin = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = utf8_sequence_length(bytes.substr(at));
        if (length > 0) {
            at += length;
            continue;
        }
        out_.append(bytes.substr(good_begin, at - good_begin));
        replace(1);
        good_begin = ++at;
    }
    out_.append(bytes.substr(good_begin));
}

std::string_view Decoder::push_other(std::string_view bytes) {
    std::string in = std::move(rest_);
    in.append(bytes);
    rest_.clear();
    out_.clear();
    char* from = in.data();
    std::size_t left = in.size();
    std::array<char, 16 << 10> buffer{};
    while (left > 0) {
        char* to = buffer.data();
        std::size_t room = buffer.size();
        const std::size_t converted = ::iconv(converter_->handle, &from, &left, &to, &room);
        const int problem = converted == static_cast<std::size_t>(-1) ? errno : 0;
        out_.append(buffer.data(), buffer.size() - room);
        if (problem == 0 || problem == E2BIG) continue;
        if (problem == EINVAL && left < sequence_max) {
            rest_.assign(from, left);
            break;
        }
        const std::size_t skipped = std::min(converter_->unit_bytes, left);
        replace(skipped);
        from += skipped;
        left -= skipped;
    }
    return out_;
}

}  // namespace archaeologist
