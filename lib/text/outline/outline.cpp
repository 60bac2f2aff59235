#include "text/outline/outline.hpp"

#include <algorithm>

#include "text/outline/byte_search.hpp"
#include "text/outline/language.hpp"

namespace archaeologist {
namespace {

std::unique_ptr<Scanner> make_code_scanner(const Language* language) {
    if (language == nullptr) return make_margin_scanner();
    switch (language->family) {
        case Family::brace: return make_brace_scanner(*language);
        case Family::indent: return make_indent_scanner(*language);
        case Family::cobol: return make_cobol_scanner();
        case Family::basic: return make_basic_scanner();
        case Family::sql: return make_sql_scanner();
    }
    return make_margin_scanner();
}

std::unique_ptr<Scanner> make_scanner(TextKind kind, std::string_view language, std::string_view beginning) {
    switch (kind) {
        case TextKind::markdown: return make_markdown_scanner();
        case TextKind::table: return make_table_scanner();
        case TextKind::code:
            return make_code_scanner(language.empty() ? guess_language(beginning) : find_language(language));
        case TextKind::plain: break;
    }
    return nullptr;
}

// Where to part a long line: not inside a code point.
std::size_t segment_size(std::string_view line) {
    std::size_t size = segment_bytes_max;
    for (int back = 0; back < 3 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80; ++back) --size;
    return size;
}

}  // namespace

Outline::Outline(TextKind kind, std::string language) : kind_(kind), language_(std::move(language)) {}

void Outline::read(std::string_view text, std::uint64_t begin, Extent extent) {
    if (kind_ == TextKind::plain) return;
    if (!scanner_) scanner_ = make_scanner(kind_, language_, text);
    auto at = static_cast<std::size_t>(position_ - begin);
    NewlineFinder newlines(text);
    while (at < text.size()) {
        const std::string_view rest = text.substr(at);
        const std::size_t look = std::min(rest.size(), segment_bytes_max + 1);
        std::size_t size = newlines.find(at, at + look) - at;
        Segment segment{rest, begin + at, begins_line_, size < look};
        if (segment.ends_line) {
            at += size + 1;
        } else if (rest.size() > segment_bytes_max) {
            size = segment_size(rest);
            at += size;
        } else if (extent == Extent::end) {
            size = rest.size();
            at += size;
            segment.ends_line = true;
        } else {
            break;
        }
        segment.text = rest.substr(0, size);
        scanner_->take(segment, marks_);
        begins_line_ = segment.ends_line;
    }
    position_ = begin + at;
}

}  // namespace archaeologist
