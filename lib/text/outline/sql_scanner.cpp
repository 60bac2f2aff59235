// SQL: statements end with a semicolon, those that hold others with their END, "/" or GO. What is created gives the name.
#include <algorithm>
#include <array>
#include <utility>

#include "text/characters.hpp"
#include "text/outline/byte_search.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr Words separator_word = "go";
constexpr Words create_word = "create";
constexpr Words member_words = "function procedure";
constexpr Words body_words = "as is";
constexpr Words uncounted_words = "if loop while for repeat";
constexpr Words transaction_words = "tran transaction";
constexpr Words case_word = "case";
constexpr Words begin_words = "begin case";
constexpr Words end_word = "end";
constexpr Words create_words = "create alter";
constexpr Words package_word = "package";
constexpr Words filler_words = "if not exists body concurrently only";

constexpr auto npos = std::string_view::npos;
constexpr std::size_t head_words_max = 16;
constexpr ByteSet stops = {';', '\'', '"', '-', '/', '$', '`', '(', ')'};

constexpr Words objects =
    "table view index function procedure proc trigger package type schema sequence database domain aggregate event "
    "role "
    "extension synonym rule policy";
constexpr Words routines = "function procedure proc trigger package event";

class SqlScanner final : public Scanner {
public:
    void take(const Segment& segment, Marks& marks) override {
        if (segment.begins_line) begin_line(segment, marks);
        read(segment, marks);
    }

private:
    enum class Mode : std::uint8_t { code, comment, quoted };

    void begin_line(const Segment& segment, Marks& marks) {
        const std::string_view code = trimmed(segment.text);
        if (mode_ != Mode::code) {
            marks.add_line(segment.at, Strength::inside);
            return;
        }
        const bool is_separator = code == "/" || separator_word.has_any_case(code);
        const bool begins_anew = words_ > 0 && !segment.text.starts_with(' ') && !segment.text.starts_with('\t') &&
                                 create_word.has_any_case(leading_name(code));
        if (is_separator || begins_anew) finish(segment.at, marks);
        if (code.empty()) {
            marks.add_line(segment.at, Strength::line);
            if (has_item_ && words_ == 0) has_item_ = false;  // a comment on nothing
            after_blank_ = true;
            return;
        }
        if (is_separator) {
            marks.add_line(segment.at, Strength::inside);
            return;
        }
        if (has_item_) {
            const Strength inner = is_routine_ ? (after_blank_ ? Strength::blank : Strength::line) : Strength::inside;
            marks.add_line(segment.at, inner);
        } else {
            marks.add_line(segment.at, after_blank_ ? Strength::block : Strength::line);
            has_item_ = true;
            item_at_ = segment.at;
        }
        after_blank_ = false;
    }

    void read(const Segment& segment, Marks& marks) {
        const std::string_view text = segment.text;
        std::size_t at = 0;
        while (at < text.size()) {
            if (mode_ != Mode::code) {
                const std::size_t end = text.find(ending_, at);
                if (end == npos) return;
                at = end + ending_.size();
                mode_ = Mode::code;
                continue;
            }
            const std::size_t stop = find_first<stops>(text, at);
            read_words(text.substr(at, stop - at), segment.at, marks);
            if (stop == text.size()) return;
            at = take_stop(text, stop, segment.at, marks);
        }
    }

    std::size_t take_stop(std::string_view text, std::size_t at, std::uint64_t begin, Marks& marks) {
        const std::string_view two = text.substr(at, 2);
        if (two == "--") return text.size();
        if (two == "/*") return open(Mode::comment, "*/", at + 2);
        switch (text[at]) {
            case '\'':
                if (after_as_) had_begin_ = true;  // the body is a string
                return open(Mode::quoted, "'", at + 1);
            case '"':
            case '`': {
                const std::size_t end = text.find(text[at], at + 1);
                if (end == npos) return at + 1;
                std::string name(text.substr(at + 1, end - at - 1));
                if (text.substr(end + 1).starts_with('.')) name += '.';
                if (has_item_) take_word(name, begin, marks);
                return end + 1;
            }
            case '$': {
                const std::string_view tag = leading_name(text.substr(at + 1));
                const bool is_tag = text.substr(at + 1 + tag.size()).starts_with('$') && tag.size() < 32;
                if (!is_tag) return at + 1;
                had_begin_ = true;
                return open(Mode::quoted, text.substr(at, tag.size() + 2), at + tag.size() + 2);
            }
            case ';':
                if (!is_routine_ || depth_ == 0) end_statement(begin + at + 1, marks);
                break;
            default: break;
        }
        return at + 1;
    }

    std::size_t open(Mode mode, std::string_view ending, std::size_t behind) {
        mode_ = mode;
        ending_ = ending;
        return behind;
    }

    // A routine's declarations stand before its BEGIN; it is over with its END.
    void end_statement(std::uint64_t end, Marks& marks) {
        const bool awaits_body = is_routine_ && !had_begin_ && is_block_;
        if (is_package_ ? is_over_ : !awaits_body) finish(end, marks);
    }

    void read_words(std::string_view text, std::uint64_t begin, Marks& marks) {
        while (!text.empty()) {
            const char c = text[0];
            if (!is_name_byte(c) && c != '#' && c != '@' && c != '[') {
                text.remove_prefix(1);
                continue;
            }
            std::size_t size = 1;
            while (size < text.size() &&
                   (is_name_byte(text[size]) || std::string_view(".#[]").find(text[size]) != npos)) {
                ++size;
            }
            const std::string_view word = text.substr(0, size);
            text.remove_prefix(size);
            if (has_item_) take_word(word, begin, marks);
        }
    }

    void take_word(std::string_view word, std::uint64_t line_at, Marks& marks) {
        if (words_ < head_words_max) {
            take_head_word(word, marks);
            ++words_;
        }
        if (!is_routine_) return;
        if (is_package_ && depth_ == 0 && member_words.has_any_case(word)) {
            names_member_ = true;
            member_at_ = line_at;
            return;
        }
        if (names_member_) {
            names_member_ = false;
            marks.add_label(member_at_, LabelKind::definition,
                            name_ + "." + std::string(utf8_prefix(word, title_bytes_max)));
            marks.strengthen(member_at_, Strength::block);
        }
        count(word);
    }

    void count(std::string_view word) {
        if (body_words.has_any_case(word) && depth_ == 0) is_block_ = true;
        const bool was_end = std::exchange(after_end_, false);
        const bool was_begin = std::exchange(after_begin_, false);
        if (was_end && uncounted_words.has_any_case(word)) {
            depth_ += closed_ ? 1 : 0;  // that END closed nothing that was counted
            is_over_ = false;
            return;
        }
        if (was_begin && depth_ > 0 && transaction_words.has_any_case(word)) --depth_;
        if (was_end && case_word.has_any_case(word)) return;
        if (begin_words.has_any_case(word)) {
            ++depth_;
            after_begin_ = had_begin_ = true;
        } else if (end_word.has_any_case(word)) {
            closed_ = depth_ > 0;
            is_over_ = !closed_;
            depth_ -= closed_ ? 1 : 0;
            after_end_ = true;
        }
        after_as_ = body_words.has_any_case(word);
    }

    void take_head_word(std::string_view word, Marks& marks) {
        if (words_ == 0) is_create_ = create_words.has_any_case(word);
        if (!is_create_ || words_ == 0) return;
        if (has_name_) {
            if (name_.ends_with('.')) take_name(name_ + std::string(word), marks);
            return;
        }
        if (!has_object_) {
            has_object_ = objects.has_any_case(word);
            is_routine_ = has_object_ && routines.has_any_case(word);
            is_package_ = has_object_ && package_word.has_any_case(word);
            return;
        }
        if (filler_words.has_any_case(word)) return;
        has_name_ = true;
        take_name(word, marks);
    }

    void take_name(std::string_view name, Marks& marks) {
        name_ = utf8_prefix(name, title_bytes_max);
        std::erase_if(name_, [](char c) { return c == '[' || c == ']'; });
        marks.add_label(item_at_, is_package_ ? LabelKind::container : LabelKind::definition, name_);
        marks.strengthen(item_at_, Strength::section);
    }

    void finish(std::uint64_t end, Marks& marks) {
        if (has_name_) marks.add_label(end, LabelKind::none, {});
        has_item_ = false;
        words_ = 0;
        depth_ = 0;
        is_create_ = has_object_ = has_name_ = is_routine_ = is_package_ = false;
        had_begin_ = is_block_ = after_end_ = after_begin_ = after_as_ = is_over_ = names_member_ = false;
    }

    Mode mode_ = Mode::code;
    std::string ending_;
    std::uint64_t item_at_ = 0;
    bool has_item_ = false;
    bool after_blank_ = false;
    std::size_t words_ = 0;  // of the statement, as far as its head goes
    bool is_create_ = false;
    bool has_object_ = false;
    bool has_name_ = false;
    bool is_routine_ = false;
    bool is_package_ = false;
    std::string name_;
    bool names_member_ = false;
    std::uint64_t member_at_ = 0;
    std::size_t depth_ = 0;  // of BEGIN and CASE in a routine
    bool had_begin_ = false;
    bool is_block_ = false;  // AS or IS was read
    bool after_as_ = false;
    bool after_begin_ = false;
    bool after_end_ = false;
    bool closed_ = false;   // that END closed a BEGIN or a CASE
    bool is_over_ = false;  // an END closed the package itself
};

}  // namespace

std::unique_ptr<Scanner> make_sql_scanner() { return std::make_unique<SqlScanner>(); }

}  // namespace archaeologist
