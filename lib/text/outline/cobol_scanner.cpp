// COBOL, in columns or free: divisions, sections and paragraphs. A paragraph is a name alone with a period, in area A.
#include <algorithm>

#include "text/characters.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr Words program_words = "program-id class-id function-id";
constexpr Words division_word = "division";
constexpr Words section_word = "section";
constexpr Words record_words = "01 77 fd sd";
constexpr Words procedure_word = "procedure";
constexpr Words first_division_words = "identification id";

constexpr std::size_t number_columns = 6;
constexpr std::size_t text_columns = 72;
constexpr std::size_t area_a_columns = 4;

// What a statement alone on a line may be that looks like a paragraph.
constexpr Words statements =
    "exit goback continue end-if end-perform end-read end-evaluate end-exec end-call end-search end-string end-write "
    "end-compute end-add end-subtract end-multiply end-divide end-return end-start end-rewrite end-delete else stop "
    "eject "
    "skip1 skip2 skip3 program declaratives";

bool is_word_byte(char c) { return is_name_byte(c) || c == '-'; }

std::string_view first_word(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && is_word_byte(text[size])) ++size;
    return text.substr(0, size);
}

struct Line {
    std::string_view code;   // trimmed
    std::size_t column = 0;  // within area A and B
    bool is_remark = false;
};

// In columns: six of numbers, one of marks. Free: "*>" begins a remark.
Line read_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool has_number =
        line.size() > number_columns && std::all_of(line.begin(), line.begin() + number_columns,
                                                    [](char c) { return c == ' ' || (c >= '0' && c <= '9'); });
    const char mark = has_number ? line[number_columns] : '\0';
    const bool is_fixed = has_number && (mark == ' ' || mark == '*' || mark == '/' || mark == '-' || mark == 'D');
    Line result;
    if (is_fixed) {
        line = utf8_prefix(line, text_columns).substr(number_columns + 1);
        result.is_remark = mark == '*' || mark == '/';
    }
    result.column = indent_of(line);
    result.code = trimmed(line);
    result.is_remark = result.is_remark || result.code.starts_with("*");
    return result;
}

class CobolScanner final : public Scanner {
public:
    void take(const Segment& segment, Marks& marks) override {
        if (!segment.begins_line) return;
        const Line line = read_line(segment.text);
        if (line.code.empty()) {
            marks.add_line(segment.at, Strength::line);
            after_blank_ = true;
            has_item_ = false;
            return;
        }
        marks.add_line(segment.at, after_blank_ ? Strength::blank : Strength::line);
        after_blank_ = false;
        if (!has_item_) item_at_ = segment.at;
        has_item_ = line.is_remark;
        if (!line.is_remark) take_code(line, marks);
    }

private:
    void take_code(const Line& line, Marks& marks) {
        const std::string_view word = utf8_prefix(first_word(line.code), title_bytes_max);
        const std::string_view rest = trimmed(line.code.substr(word.size()));
        if (program_words.has_any_case(word)) {
            names_program_ = true;
        } else if (division_word.has_any_case(leading_name(rest))) {
            begin_division(word, marks);
            return;
        } else if (section_word.has_any_case(leading_name(rest)) && line.column < area_a_columns) {
            section_ = word;
            marks.add_label(item_at_, LabelKind::definition, path(word));
            marks.strengthen(item_at_, Strength::section);
            return;
        }
        if (names_program_) take_program(line.code, word, marks);
        if (is_procedure_) {
            take_paragraph(line, word, rest, marks);
        } else if (record_words.has_any_case(word)) {
            marks.strengthen(item_at_, Strength::block);
        }
    }

    // PROGRAM-ID. PAYROLL.
    void take_program(std::string_view code, std::string_view word, Marks& marks) {
        const bool is_here = word.size() == code.size() || code.find('.') + 1 < code.size();
        std::string_view name = code;
        if (program_words.has_any_case(word)) {
            if (!is_here) return;  // it stands in the next line
            name = trimmed(code.substr(std::min(code.find('.') + 1, code.size())));
        }
        names_program_ = false;
        program_ = utf8_prefix(first_word(name), title_bytes_max);
        marks.add_label(item_at_, LabelKind::container, program_);
    }

    void begin_division(std::string_view name, Marks& marks) {
        is_procedure_ = procedure_word.has_any_case(name);
        section_.clear();
        if (first_division_words.has_any_case(name)) program_.clear();
        marks.strengthen(item_at_, Strength::section);
        marks.add_label(item_at_, program_.empty() ? LabelKind::none : LabelKind::container, program_);
    }

    void take_paragraph(const Line& line, std::string_view word, std::string_view rest, Marks& marks) {
        if (word.empty() || rest != "." || line.column >= area_a_columns) return;
        if (statements.has_any_case(word)) return;
        std::string label = path({});
        if (!section_.empty()) label.append(label.empty() ? "" : ".").append(section_);
        if (!label.empty()) label += '.';
        marks.add_label(item_at_, LabelKind::definition, label.append(word));
        marks.strengthen(item_at_, Strength::section);
    }

    [[nodiscard]] std::string path(std::string_view name) const {
        std::string all = program_;
        if (!all.empty() && !name.empty()) all += '.';
        return all.append(name);
    }

    std::string program_;
    std::string section_;
    std::uint64_t item_at_ = 0;  // where the remarks before the line began
    bool has_item_ = false;
    bool names_program_ = false;
    bool is_procedure_ = false;
    bool after_blank_ = false;
};

}  // namespace

std::unique_ptr<Scanner> make_cobol_scanner() { return std::make_unique<CobolScanner>(); }

}  // namespace archaeologist
