#include "host/http/body.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace archaeologist::host {
namespace {

constexpr std::size_t line_bytes_max = 4'096;
constexpr std::size_t trailer_lines_max = 64;
constexpr std::size_t drain_buffer_bytes = 64 << 10;

Error cut_off() { return {Code::io_error, "the request's body ended early: the client is gone or sends too slowly"}; }

Error malformed(std::string_view what) {
    return {Code::invalid_argument, "request body in chunks: " + std::string(what)};
}

}  // namespace

Result<std::size_t> SocketBody::read(std::span<char> buffer) {
    if (failure_) return *failure_;
    auto size = read_some(buffer);
    if (!size) {
        failure_ = size.error();
    } else {
        bytes_read_ += *size;
    }
    return size;
}

Result<std::size_t> SocketBody::read_some(std::span<char> buffer) {
    if (is_at_end() || buffer.empty()) return std::size_t{0};
    if (interim_) {
        if (!connection_.write(*interim_) || !connection_.flush()) return cut_off();
        interim_.reset();
    }
    if (coding_ == Coding::chunked && left_ == 0) {
        ARCHAEO_TRY(begin_chunk());
        if (is_ended_) return std::size_t{0};
    }
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    const auto size = connection_.read(buffer.data(), wanted);
    if (size <= 0) return cut_off();
    left_ -= static_cast<std::uint64_t>(size);
    return static_cast<std::size_t>(size);
}

Result<std::string> SocketBody::line() {
    std::string text;
    for (;;) {
        char byte = 0;
        if (connection_.read(&byte, 1) != 1) return cut_off();
        if (byte == '\n') {
            if (text.empty() || text.back() != '\r') return malformed("a line does not end with CR LF");
            text.pop_back();
            return text;
        }
        if (text.size() == line_bytes_max) return malformed("a line is longer than 4096 bytes");
        text += byte;
    }
}

Status SocketBody::begin_chunk() {
    if (!is_first_chunk_) {
        ARCHAEO_ASSIGN(const auto end, line());
        if (!end.empty()) return malformed("a chunk is longer than its size says");
    }
    is_first_chunk_ = false;
    ARCHAEO_ASSIGN(const auto head, line());
    const auto digits = head.substr(0, head.find_first_of("; \t"));
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) {
        return malformed("\"" + digits.substr(0, 32) + "\" is no size, must be a hexadecimal number");
    }
    if (left_ > 0) return {};
    is_ended_ = true;
    return skip_trailer();
}

Status SocketBody::skip_trailer() {
    for (std::size_t lines = 0; lines < trailer_lines_max; ++lines) {
        ARCHAEO_ASSIGN(const auto field, line());
        if (field.empty()) return {};
    }
    return malformed("the trailer has more than 64 fields");
}

bool SocketBody::drain(std::uint64_t bytes_max) {
    if (interim_ && !is_at_end()) return false;  // it was never asked for
    std::vector<char> buffer(drain_buffer_bytes);
    for (std::uint64_t drained = 0; !is_at_end();) {
        const auto size = read(buffer);
        if (!size || drained + *size > bytes_max) return false;
        drained += *size;
    }
    return true;
}

}  // namespace archaeologist::host
