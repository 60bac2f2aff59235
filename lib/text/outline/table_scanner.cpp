// Rows of separated values: a row may hold line ends in quotes. What a row means stands in the first one, so that is
// every passage's label.
#include <algorithm>

#include "text/characters.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr std::string_view separators = ",;\t|";

// A row of names: no field is empty or a number, and it is no JSON.
bool is_header(std::string_view row) {
    row = trimmed(row);
    if (row.empty() || row[0] == '{' || row[0] == '[') return false;
    if (row.find_first_of(separators) == std::string_view::npos) return false;
    while (true) {
        const std::size_t end = std::min(row.find_first_of(separators), row.size());
        const std::string_view field = trimmed(row.substr(0, end));
        if (field.empty() || field.find_first_not_of("0123456789.+-eE") == std::string_view::npos) return false;
        if (end == row.size()) return true;
        row.remove_prefix(end + 1);
    }
}

class TableScanner final : public Scanner {
public:
    void take(const Segment& segment, Marks& marks) override {
        if (segment.begins_line) marks.add_line(segment.at, is_quoted_ ? Strength::inside : Strength::line);
        if (segment.at == 0) {
            std::string_view row = segment.text;
            if (row.starts_with("\xEF\xBB\xBF")) row.remove_prefix(3);
            if (is_header(row)) {
                marks.add_label(0, LabelKind::definition, std::string(utf8_prefix(trimmed(row), label_bytes_max)));
            }
        }
        read_quotes(segment);
    }

private:
    // A quote opens a field at its begin only, and closes it before a separator or the line's end.
    void read_quotes(const Segment& segment) {
        const std::string_view text = segment.text;
        for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1)) {
            if (!is_quoted_) {
                const bool begins_field = at == 0 ? segment.begins_line : is_separator(text[at - 1]);
                is_quoted_ = begins_field;
            } else if (at + 1 < text.size() && text[at + 1] == '"') {
                ++at;
            } else {
                is_quoted_ = at + 1 < text.size() && !is_separator(text[at + 1]) && text[at + 1] != '\r';
            }
        }
    }

    static bool is_separator(char c) { return separators.find(c) != std::string_view::npos; }

    bool is_quoted_ = false;
};

}  // namespace

std::unique_ptr<Scanner> make_table_scanner() { return std::make_unique<TableScanner>(); }

}  // namespace archaeologist
