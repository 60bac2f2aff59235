// Visual Basic in all its ages: a procedure goes from "Sub" to "End Sub", whatever stands between them.
#include <utility>

#include "text/characters.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr Words remark_word = "rem";
constexpr Words end_word = "end";
constexpr Words attribute_word = "attribute";
constexpr Words property_word = "property";
constexpr Words accessor_words = "get let set";

constexpr Words modifiers =
    "public private friend protected static shared overridable overrides overloads mustoverride partial default async "
    "shadows notinheritable mustinherit readonly writeonly";
constexpr Words procedures = "sub function property type enum operator";
constexpr Words containers = "class module structure interface namespace";

// Takes the first word off.
std::string_view take_word(std::string_view& code) {
    const std::string_view word = leading_name(code);
    code = trimmed(code.substr(word.size()));
    return word;
}

class BasicScanner final : public Scanner {
public:
    void take(const Segment& segment, Marks& marks) override {
        if (!segment.begins_line) return;
        std::string_view code = trimmed(segment.text);
        if (code.empty()) {
            marks.add_line(segment.at, Strength::line);
            after_blank_ = true;
            has_item_ = false;
            return;
        }
        const bool is_remark = code[0] == '\'' || remark_word.has_any_case(leading_name(code));
        const bool was_continued = std::exchange(is_continued_, code.ends_with(" _"));
        if (was_continued) {
            marks.add_line(segment.at, Strength::inside);
            return;
        }
        Strength strength = after_blank_ ? Strength::blank : after_end_ ? Strength::block : Strength::line;
        if (end_word.has_any_case(leading_name(code))) strength = Strength::inside;
        marks.add_line(segment.at, strength);
        after_end_ = false;
        if (!has_item_) item_at_ = segment.at;
        has_item_ = is_remark || code[0] == '<';
        after_blank_ = false;
        if (!is_remark) take_code(code, segment, marks);
    }

private:
    void take_code(std::string_view code, const Segment& segment, Marks& marks) {
        if (attribute_word.has_any_case(leading_name(code))) {
            take_attribute(code, marks);
            return;
        }
        if (end_word.has_any_case(leading_name(code))) {
            take_word(code);
            take_end(leading_name(code), segment, marks);
            return;
        }
        while (modifiers.has_any_case(leading_name(code))) take_word(code);
        const std::string_view keyword = take_word(code);
        const bool is_container = containers.has_any_case(keyword);
        if (!is_container && !procedures.has_any_case(keyword)) return;
        if (property_word.has_any_case(keyword) && accessor_words.has_any_case(leading_name(code))) take_word(code);
        const std::string_view name = utf8_prefix(leading_name(code), title_bytes_max);
        if (name.empty()) return;
        if (is_container) {
            if (path_.size() > title_bytes_max) return;
            marks.add_label(item_at_, LabelKind::container, joined(name));
            marks.strengthen(item_at_, Strength::section);
            path_ = joined(name);
            return;
        }
        marks.add_label(item_at_, LabelKind::definition, joined(name));
        marks.strengthen(item_at_, Strength::section);
    }

    // Attribute VB_Name = "Invoices"
    void take_attribute(std::string_view code, Marks& marks) {
        const std::size_t quote = code.find('"');
        if (quote == std::string_view::npos || code.find("VB_Name") == std::string_view::npos) return;
        path_ = utf8_prefix(leading_name(code.substr(quote + 1)), title_bytes_max);
        marks.add_label(item_at_, LabelKind::container, path_);
    }

    void take_end(std::string_view what, const Segment& segment, Marks& marks) {
        if (containers.has_any_case(what)) {
            const std::size_t dot = path_.rfind('.');
            path_.resize(dot == std::string::npos ? 0 : dot);
        } else if (!procedures.has_any_case(what)) {
            return;
        }
        after_end_ = true;
        const LabelKind kind = path_.empty() ? LabelKind::none : LabelKind::container;
        marks.add_label(segment.at + segment.text.size(), kind, path_);
    }

    [[nodiscard]] std::string joined(std::string_view name) const {
        std::string all = path_;
        if (!all.empty()) all += '.';
        return all.append(name);
    }

    std::string path_;
    std::uint64_t item_at_ = 0;
    bool has_item_ = false;
    bool is_continued_ = false;  // by " _"
    bool after_blank_ = false;
    bool after_end_ = false;
};

}  // namespace

std::unique_ptr<Scanner> make_basic_scanner() { return std::make_unique<BasicScanner>(); }

}  // namespace archaeologist
