#include "archaeologist/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/utf8.hpp"

namespace archaeologist {
namespace {

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    std::array<char, 8> code{};
    std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += code.data();
}

void append_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at]);
        std::size_t length = 1;
        if (byte < 0x80) {
            if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F) {
                ++at;
                continue;
            }
            out += text.substr(plain, at - plain);
            append_escaped(out, text[at]);
        } else if (length = utf8_sequence_length(text.substr(at)); length > 0) {
            at += length;
            continue;
        } else {
            out += text.substr(plain, at - plain);
            out += "\xEF\xBF\xBD";
            length = 1;
        }
        at += length;
        plain = at;
    }
    out += text.substr(plain);
    out += '"';
}

}  // namespace

void JsonWriter::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    append_string(out_, name);
    out_ += ':';
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    append_string(out_, text);
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) return null();
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace archaeologist
