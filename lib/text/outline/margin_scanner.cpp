// Code of which nothing more is known: what begins at the margin, behind a blank line or a closing brace, begins
// something.
#include <algorithm>

#include "text/characters.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

bool is_closer(char c) { return c == '}' || c == ')' || c == ']'; }

// At the margin, and more than a closing brace, a label or a preprocessor line.
bool is_definition(std::string_view line) {
    const auto first = static_cast<unsigned char>(line[0]);
    const bool is_name = first >= 0x80 || begins_word(detail::ascii_kinds[first]) || first == '@';
    return is_name && line.find_first_of("({:") != std::string_view::npos;
}

class MarginScanner final : public Scanner {
public:
    void take(const Segment& segment, Marks& marks) override {
        if (!segment.begins_line) return;
        const std::string_view line = segment.text;
        const bool was_blank = after_blank_;
        const bool was_block = after_block_;
        after_blank_ = is_blank(line);
        after_block_ = !line.empty() && is_closer(line[0]);
        const bool at_margin = !after_blank_ && line[0] != ' ' && line[0] != '\t' && !after_block_;
        Strength strength = was_blank ? Strength::blank : Strength::line;
        if (at_margin && was_block) strength = Strength::block;
        if (at_margin && was_blank) strength = Strength::section;
        marks.add_line(segment.at, strength);
        if (at_margin && is_definition(line)) {
            marks.add_label(segment.at, LabelKind::definition,
                            std::string(trimmed(utf8_prefix(line, title_bytes_max))));
        }
    }

private:
    bool after_blank_ = false;
    bool after_block_ = false;
};

}  // namespace

std::unique_ptr<Scanner> make_margin_scanner() { return std::make_unique<MarginScanner>(); }

}  // namespace archaeologist
