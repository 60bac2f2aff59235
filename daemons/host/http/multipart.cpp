#include "host/http/multipart.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace archaeologist::host {
namespace {

constexpr std::size_t buffer_bytes = 256 << 10;
constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046, 5.1.1
constexpr std::size_t line_bytes_max = 8 << 10;
constexpr std::size_t head_lines_max = 32;

Error malformed(const std::string& what) { return {Code::invalid_argument, "multipart body: " + what}; }

constexpr const char* cut_off_message = "it ends before its closing boundary";

char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower_case(c);
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower_case(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Percent signs stand for what browsers cannot put into quotes: %22, %0D and %0A, and nothing else (HTML, "multipart form
// data"); all of them with filename* (RFC 5987).
std::string decoded(std::string_view text, std::string_view only) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
        const char byte = low < 0 ? '\0' : static_cast<char>(high * 16 + low);
        if (low >= 0 && (only.empty() || only.find(byte) != std::string_view::npos)) {
            out += byte;
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// The parameters behind the first ';'. A backslash protects a quote and itself only: Windows paths hold others.
std::map<std::string, std::string> parameters_of(std::string_view field) {
    std::map<std::string, std::string> all;
    std::size_t at = std::min(field.find(';'), field.size());
    while (at < field.size()) {
        const std::size_t equals = field.find('=', ++at);
        if (equals == std::string_view::npos) break;
        const auto name = lower_case(trimmed(field.substr(at, equals - at)));
        at = equals + 1;
        while (at < field.size() && (field[at] == ' ' || field[at] == '\t')) ++at;
        std::string value;
        if (at < field.size() && field[at] == '"') {
            for (++at; at < field.size() && field[at] != '"'; ++at) {
                const bool is_escape =
                    field[at] == '\\' && at + 1 < field.size() && (field[at + 1] == '"' || field[at + 1] == '\\');
                if (is_escape) ++at;
                value += field[at];
            }
            at = std::min(field.find(';', at), field.size());
        } else {
            const std::size_t end = std::min(field.find(';', at), field.size());
            value = trimmed(field.substr(at, end - at));
            at = end;
        }
        all.emplace(name, std::move(value));
    }
    return all;
}

}  // namespace

MultipartReader::MultipartReader(ByteSource& body, std::string_view boundary)
    : body_(body),
      delimiter_("\r\n--" + std::string(boundary)),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_bytes)) {
    // As if a part had ended before the first boundary, which may stand at the very beginning.
    buffer_[0] = '\r';
    buffer_[1] = '\n';
    end_ = 2;
    in_part_ = true;
}

Result<MultipartReader> MultipartReader::open(ByteSource& body, std::string_view content_type) {
    const auto parameters = parameters_of(content_type);
    const auto found = parameters.find("boundary");
    if (found == parameters.end() || found->second.empty() || found->second.size() > boundary_bytes_max) {
        return malformed("Content-Type has no boundary of 1 to 70 bytes");
    }
    return MultipartReader(body, found->second);
}

Result<bool> MultipartReader::fill() {
    if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_bytes) return true;
    ARCHAEO_ASSIGN(const std::size_t size, body_.read({buffer_.get() + end_, buffer_bytes - end_}));
    end_ += size;
    return size > 0;
}

MultipartReader::Sight MultipartReader::sight() {
    const auto there = rest();
    const std::size_t found = there.find(delimiter_);
    if (found != std::string_view::npos) return {found, true};
    // The delimiter may have begun at the end of what is there.
    std::size_t kept = std::min(there.size(), delimiter_.size() - 1);
    while (kept > 0 && there.substr(there.size() - kept) != std::string_view(delimiter_).substr(0, kept)) --kept;
    return {there.size() - kept, false};
}

Result<std::size_t> MultipartReader::read(std::span<char> buffer) {
    if (!in_part_ || buffer.empty()) return std::size_t{0};
    for (;;) {
        const Sight seen = sight();
        if (seen.bytes > 0) {
            const std::size_t size = std::min(seen.bytes, buffer.size());
            std::memcpy(buffer.data(), buffer_.get() + begin_, size);
            begin_ += size;
            return size;
        }
        if (seen.reaches_end) return std::size_t{0};
        ARCHAEO_ASSIGN(const bool more, fill());
        if (!more) return wrong(cut_off_message);
    }
}

Result<std::string> MultipartReader::read_all(std::size_t bytes_max) {
    std::string text;
    for (;;) {
        const std::size_t size = text.size();
        if (size > bytes_max) {
            return Error{Code::too_large, "form field is longer than " + std::to_string(bytes_max) + " bytes"};
        }
        text.resize(size + 4'096);
        ARCHAEO_ASSIGN(const std::size_t read_bytes, read({text.data() + size, 4'096}));
        text.resize(size + read_bytes);
        if (read_bytes == 0) return text;
    }
}

Status MultipartReader::end_part() {
    while (in_part_) {
        const Sight seen = sight();
        begin_ += seen.bytes;
        if (seen.reaches_end) {
            begin_ += delimiter_.size();
            in_part_ = false;
            return {};
        }
        ARCHAEO_ASSIGN(const bool more, fill());
        if (!more) return wrong(cut_off_message);
    }
    return {};
}

Result<std::string> MultipartReader::line() {
    for (;;) {
        const auto end = rest().find("\r\n");
        if (end != std::string_view::npos) {
            std::string text(rest().substr(0, end));
            begin_ += end + 2;
            return text;
        }
        if (rest().size() > line_bytes_max) return wrong("a line of a part's head is longer than 8192 bytes");
        ARCHAEO_ASSIGN(const bool more, fill());
        if (!more) return wrong(cut_off_message);
    }
}

Result<PartHead> MultipartReader::head() {
    PartHead part;
    bool is_form_data = false;
    for (std::size_t lines = 0;; ++lines) {
        ARCHAEO_ASSIGN(const auto text, line());
        if (text.empty()) break;
        if (lines == head_lines_max) return wrong("a part's head has more than 32 lines");
        const auto name = lower_case(trimmed(std::string_view(text).substr(0, text.find(':'))));
        const auto value = text.find(':') == std::string::npos
                               ? std::string_view()
                               : trimmed(std::string_view(text).substr(text.find(':') + 1));
        if (name == "content-type") part.content_type = value;
        if (name != "content-disposition") continue;
        is_form_data = lower_case(trimmed(value.substr(0, value.find(';')))) == "form-data";
        const auto parameters = parameters_of(value);
        if (const auto found = parameters.find("name"); found != parameters.end())
            part.name = decoded(found->second, "\"\r\n");
        if (const auto found = parameters.find("filename"); found != parameters.end())
            part.filename = decoded(found->second, "\"\r\n");
        if (const auto found = parameters.find("filename*");
            found != parameters.end() && lower_case(found->second).starts_with("utf-8''")) {
            part.filename = decoded(std::string_view(found->second).substr(7), {});
        }
    }
    if (!is_form_data) return wrong("a part has no Content-Disposition: form-data");
    return part;
}

Result<std::optional<PartHead>> MultipartReader::next() {
    ARCHAEO_TRY(end_part());
    if (is_over_) return std::optional<PartHead>();
    // Behind a boundary: "--" at the very end, else the line's end, perhaps after blanks.
    ARCHAEO_ASSIGN(const auto tail, [&]() -> Result<std::string> {
        while (rest().size() < 2) {
            ARCHAEO_ASSIGN(const bool more, fill());
            if (!more) return wrong(cut_off_message);
        }
        if (rest().substr(0, 2) == "--") return std::string("--");
        return line();
    }());
    if (tail == "--") {
        is_over_ = true;
        return std::optional<PartHead>();
    }
    if (!trimmed(tail).empty()) return wrong("something stands behind a boundary");
    ARCHAEO_ASSIGN(auto part, head());
    in_part_ = true;
    return std::optional(std::move(part));
}

}  // namespace archaeologist::host
