// Definitions by indentation: what stands deeper than "def" belongs to it. Where a keyword closes it (Ruby, Lua), that
// stands where the definition began, so indentation tells the same without counting every "if" and "do".
#include <algorithm>
#include <array>
#include <utility>

#include "text/characters.hpp"
#include "text/outline/byte_search.hpp"
#include "text/outline/language.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr Words modifiers = "async local private public protected";

constexpr auto npos = std::string_view::npos;
constexpr std::size_t scopes_max = 32;
constexpr std::size_t tab_columns = 8;
constexpr Words going_on = "end else elsif elif rescue ensure except finally when";
constexpr ByteSet stops = {'"', '\'', '#', '<', '-'};
constexpr ByteSet few_stops = {'"', '\'', '#'};

struct Scope {
    std::size_t columns = 0;  // its indentation
    std::size_t path_size = 0;
    LabelKind kind = LabelKind::none;
};

class IndentScanner final : public Scanner {
public:
    explicit IndentScanner(const Language& language)
        : language_(language), has_few_stops_(!language.has(trait::heredocs | trait::dash_comments)) {}

    void take(const Segment& segment, Marks& marks) override {
        if (segment.begins_line) begin_line(segment, marks);
        if (heredoc_.empty() && !is_comment_) read(segment.text);
        if (!segment.ends_line) return;
        end_line(segment.text);
    }

private:
    [[nodiscard]] bool is_inside() const {
        return !ending_.empty() || !heredoc_.empty() || is_comment_ || brackets_ > 0;
    }

    void begin_line(const Segment& segment, Marks& marks) {
        const std::string_view line = segment.text;
        if (is_inside() && begins_definition(line)) {  // a stray quote or bracket hides no definition
            if (ending_.size() == 1) ending_.clear();
            brackets_ = 0;
        }
        if (is_inside()) {
            marks.add_line(segment.at, Strength::inside);
            if (is_comment_ && line.starts_with("=end")) is_comment_ends_ = true;
            return;
        }
        const std::size_t indent = indent_of(line);
        const std::string_view code = trimmed(line.substr(indent));
        if (code.empty()) {
            marks.add_line(segment.at, Strength::line);
            has_item_ = false;
            after_blank_ = true;
            return;
        }
        if (language_.has(trait::quote_comments) && line.starts_with("=begin")) is_comment_ = true;
        const bool is_remark = is_comment_ || is_remark_line(code);
        const std::size_t columns = columns_of(line.substr(0, indent));
        if (!is_remark) close_scopes(columns, code, segment.at, marks);
        Strength strength = after_blank_ ? Strength::blank : Strength::line;
        if (after_blank_ && columns == 0) strength = Strength::block;
        marks.add_line(segment.at, going_on.has(leading_name(code)) ? Strength::inside : strength);
        // Comments and decorators belong to the definition under them.
        if (!has_item_) item_at_ = segment.at;
        has_item_ = is_remark || code[0] == '@';
        if (!is_remark) take_definition(code, columns, marks);
        after_blank_ = false;
    }

    [[nodiscard]] bool begins_definition(std::string_view line) const {
        const std::string_view code = line.substr(indent_of(line));
        const std::string_view word = leading_name(code);
        if (!language_.functions.has(word) && !language_.containers.has(word)) return false;
        return code.size() > word.size() + 1 && code[word.size()] == ' ' && is_name_byte(code[word.size() + 1]);
    }

    [[nodiscard]] bool is_remark_line(std::string_view code) const {
        return language_.has(trait::dash_comments) ? code.starts_with("--") : code[0] == '#';
    }

    static std::size_t columns_of(std::string_view indent) {
        std::size_t columns = 0;
        for (const char c : indent) columns = c == '\t' ? (columns / tab_columns + 1) * tab_columns : columns + 1;
        return columns;
    }

    // What is indented as far as the line, or farther, is over; "end" and "rescue" still belong to what they stand under.
    void close_scopes(std::size_t columns, std::string_view code, std::uint64_t at, Marks& marks) {
        const bool goes_on = language_.has(trait::closed_by_end) && going_on.has(leading_name(code));
        const std::size_t first = columns + (goes_on ? 1 : 0);
        bool has_left = false;
        for (; !scopes_.empty() && scopes_.back().columns >= first; scopes_.pop_back(), has_left = true) {
            path_.resize(scopes_.back().path_size);
        }
        if (!has_left) return;
        marks.add_label(has_item_ ? item_at_ : at, scopes_.empty() ? LabelKind::none : scopes_.back().kind, path_);
    }

    void take_definition(std::string_view code, std::size_t columns, Marks& marks) {
        std::string_view word = leading_name(code);
        for (int skipped = 0; skipped < 2 && modifiers.has(word); ++skipped) {
            code = trimmed(code.substr(word.size()));
            word = leading_name(code);
        }
        const bool is_container = language_.containers.has(word);
        if (!is_container && !language_.functions.has(word)) return;
        const std::string_view name = name_of(trimmed(code.substr(word.size())));
        if (name.empty() || is_one_liner(code) || scopes_.size() >= scopes_max) return;
        const bool is_nested = !scopes_.empty() && scopes_.back().kind == LabelKind::definition;
        const std::size_t path_size = path_.size();
        if (path_size + name.size() <= 2 * title_bytes_max) {
            if (!path_.empty()) path_ += is_container ? language_.join : language_.member_join;
            path_ += utf8_prefix(name, title_bytes_max);
        }
        const LabelKind kind = is_container ? LabelKind::container : LabelKind::definition;
        scopes_.push_back({columns, path_size, kind});
        const std::uint64_t at = item_at_;
        marks.add_label(at, kind, path_);
        marks.strengthen(at, path_size == 0 ? Strength::section : is_nested ? Strength::blank : Strength::block);
        has_item_ = false;
    }

    // "Foo(Bar):", "self.name", "Module::Name", "operator ==".
    static std::string_view name_of(std::string_view text) {
        std::size_t size = 0;
        while (size < text.size() && (is_name_byte(text[size]) || text[size] == '.' || text[size] == ':')) ++size;
        while (size > 0 && text[size - 1] == ':') --size;
        const bool is_mark = size < text.size() && (text[size] == '?' || text[size] == '!');
        if (size > 0 || text.empty()) return text.substr(0, size + (is_mark ? 1 : 0));
        return text[0] == '<' || text[0] == '(' ? std::string_view() : text.substr(0, text.find_first_of(" (;"));
    }

    // "def f; end", "def f = 1", "class E < Error; end".
    [[nodiscard]] bool is_one_liner(std::string_view code) const {
        if (!language_.has(trait::closed_by_end)) return false;
        if (code.ends_with(" end") || code.ends_with(";end")) return true;
        const std::size_t assign = code.find(" = ");
        return assign != npos && code.starts_with("def ") && code.find('(') > assign;
    }

    // Strings, comments and brackets that go on in the next line.
    void read(std::string_view text) {
        std::size_t at = 0;
        while (at < text.size()) {
            if (!ending_.empty()) {
                at = close_string(text, at);
                continue;
            }
            const std::size_t stop = has_few_stops_ ? find_first<few_stops>(text, at) : find_first<stops>(text, at);
            const Brackets brackets = count_brackets(text.substr(at, stop - at));
            brackets_ = brackets_ + brackets.open - std::min(brackets_ + brackets.open, brackets.close);
            at = stop;
            if (at == text.size()) return;
            switch (text[at]) {
                case '#':
                    if (language_.has(trait::hash_comments)) return;
                    break;
                case '-':
                    if (!language_.has(trait::dash_comments) || text.substr(at, 2) != "--") break;
                    if (!text.substr(at).starts_with("--[[")) return;
                    ending_ = "]]";
                    is_raw_ = true;
                    at += 3;
                    break;
                case '<': read_heredoc(text, at); break;
                default: at = open_string(text, at); continue;
            }
            ++at;
        }
    }

    std::size_t open_string(std::string_view text, std::size_t at) {
        const std::string_view three = text.substr(at, 3);
        const bool is_triple = language_.has(trait::triple_quotes) && (three == "\"\"\"" || three == "'''");
        ending_ = is_triple ? three : three.substr(0, 1);
        is_raw_ = false;
        return at + ending_.size();
    }

    std::size_t close_string(std::string_view text, std::size_t at) {
        while (at < text.size()) {
            at = find_either(text, at, ending_[0], '\\');
            if (at == text.size()) return at;
            if (text[at] == '\\' && !is_raw_) {
                at += 2;
            } else if (text.substr(at).starts_with(ending_)) {
                at += ending_.size();
                ending_.clear();
                return at;
            } else {
                ++at;
            }
        }
        return text.size();
    }

    // Ruby's <<~WORD, <<-WORD, <<WORD.
    void read_heredoc(std::string_view text, std::size_t at) {
        if (!language_.has(trait::heredocs) || !text.substr(at).starts_with("<<")) return;
        std::string_view rest = text.substr(at + 2);
        const bool is_marked = rest.starts_with('~') || rest.starts_with('-');
        if (is_marked) rest.remove_prefix(1);
        const bool is_quoted = rest.starts_with('\'') || rest.starts_with('"');
        if (is_quoted) rest.remove_prefix(1);
        const std::string_view word = leading_name(rest);
        const bool is_word =
            !word.empty() && word[0] >= 'A' && (is_marked || is_quoted || (word[0] <= 'Z' && word.size() > 2));
        if (is_word && next_heredoc_.empty()) next_heredoc_ = utf8_prefix(word, title_bytes_max);
    }

    void end_line(std::string_view line) {
        if (std::exchange(is_comment_ends_, false)) is_comment_ = false;
        if (!heredoc_.empty()) {
            if (trimmed(line) == heredoc_) heredoc_.clear();
        } else if (!next_heredoc_.empty()) {
            heredoc_ = std::exchange(next_heredoc_, {});
        }
        const bool is_short = ending_.size() == 1 && !language_.has(trait::long_strings);
        if (is_short && !line.ends_with('\\')) ending_.clear();
    }

    const Language& language_;
    bool has_few_stops_;
    std::vector<Scope> scopes_;
    std::string path_;
    std::string ending_;  // of the string that goes on
    bool is_raw_ = false;
    std::string heredoc_;
    std::string next_heredoc_;
    bool is_comment_ = false;  // of several lines
    bool is_comment_ends_ = false;
    std::size_t brackets_ = 0;
    std::uint64_t item_at_ = 0;  // where comments and decorators began that belong to the next definition
    bool has_item_ = false;
    bool after_blank_ = false;
};

}  // namespace

std::unique_ptr<Scanner> make_indent_scanner(const Language& language) {
    return std::make_unique<IndentScanner>(language);
}

}  // namespace archaeologist
