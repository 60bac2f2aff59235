#include "text/outline/brace_lexer.hpp"

#include <algorithm>
#include <utility>

#include "text/outline/byte_search.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr Words words_before_regex = "return typeof case in of do else void delete throw new";

constexpr auto npos = std::string_view::npos;
constexpr std::size_t code_bytes_max = 512;
constexpr std::size_t template_depth_max = 16;
constexpr std::size_t ending_bytes_max = 64;

// What may hide or bound something: in most of the languages, and in any. Where nothing is collected, only braces count.
constexpr ByteSet few_stops = {'{', '}', '(', ')', ';', '"', '\'', '/'};
constexpr ByteSet all_stops = {'{', '}', '(', ')', ';', '"', '\'', '/', '`', '#', '<', '?'};
constexpr ByteSet few_stops_of_bodies = {'{', '}', '"', '\'', '/'};
constexpr ByteSet all_stops_of_bodies = {'{', '}', '"', '\'', '/', '`', '#', '<', '?'};
constexpr ByteSet template_stops = {'`', '\\', '$'};
constexpr std::uint32_t traits_of_few =
    ~(trait::hash_comments | trait::backtick_raw | trait::backtick_template | trait::heredocs | trait::php_heredocs);

constexpr std::size_t look_back_bytes_max = 32;

// The name that ends at `at`.
std::string_view name_before(std::string_view text, std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < look_back_bytes_max && is_name_byte(text[begin - 1])) --begin;
    return text.substr(begin, at - begin);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 1'000: the quote parts digits of one number.
bool parts_number(std::string_view text, std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < look_back_bytes_max &&
           (is_name_byte(text[begin - 1]) || text[begin - 1] == '\'')) {
        --begin;
    }
    return begin < at && is_digit(text[begin]);
}

// Whether a slash begins a regular expression: no operand stands before it.
bool begins_regex(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
    if (end == 0) return true;
    const char left = text[end - 1];
    if (std::string_view("(,=:[!&|?{};+-*%<>~^").find(left) != npos) return true;
    return words_before_regex.has(name_before(text, end));
}

// 0 when it does not end in this text.
std::size_t regex_end(std::string_view text, std::size_t at) {
    bool in_class = false;
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '[') {
            in_class = true;
        } else if (text[i] == ']') {
            in_class = false;
        } else if (text[i] == '/' && !in_class) {
            return i + 1;
        }
    }
    return 0;
}

}  // namespace

BraceLexer::BraceLexer(const Language& language)
    : language_(language), has_few_stops_((language.traits & ~traits_of_few) == 0) {
    if (language.has(trait::php_heredocs)) mode_ = Mode::markup;
}

void BraceLexer::collect(std::string_view code) {
    if (code_ == nullptr || code_->size() >= code_bytes_max) return;
    code_->append(code.substr(0, code_bytes_max - code_->size()));
}

std::size_t BraceLexer::find_stop(std::string_view segment, std::size_t at) const {
    if (code_ == nullptr) {
        return has_few_stops_ ? find_first<few_stops_of_bodies>(segment, at)
                              : find_first<all_stops_of_bodies>(segment, at);
    }
    return has_few_stops_ ? find_first<few_stops>(segment, at) : find_first<all_stops>(segment, at);
}

BraceLexer::Token BraceLexer::next(std::string_view segment, std::size_t at) {
    while (at < segment.size()) {
        if (mode_ != Mode::code) {
            at = step_over(segment, at);
            continue;
        }
        const std::size_t stop = find_stop(segment, at);
        if (code_ != nullptr) collect(segment.substr(at, stop - at));
        if (stop == segment.size()) break;
        const char c = segment[stop];
        const bool is_mark = c == '{' || c == '}' || c == '(' || c == ')' || c == ';';
        if (!is_mark) {
            at = open(segment, stop);
        } else if (template_braces_.empty()) {
            return {stop, c};
        } else {
            take_template_brace(c);
            at = stop + 1;
        }
    }
    return {segment.size(), '\0'};
}

void BraceLexer::skip_directive(std::string_view directive) {
    const std::size_t comment = directive.rfind("/*");
    const bool goes_on = comment != npos && directive.find("*/", comment + 2) == npos;
    mode_ = goes_on ? Mode::comment : Mode::directive;
    comment_depth_ = 1;
}

// A line ends in what may go on, or before the text of a heredoc.
void BraceLexer::leave_line(std::string_view line) {
    const bool goes_on = line.ends_with('\\') || line.ends_with("\\\r");
    if (mode_ == Mode::directive && !goes_on) mode_ = Mode::code;
    if (mode_ == Mode::string && !goes_on && !language_.has(trait::long_strings)) mode_ = Mode::code;
    if (mode_ == Mode::code && !next_heredoc_.empty()) {
        mode_ = Mode::heredoc;
        ending_ = std::exchange(next_heredoc_, {});
    } else if (mode_ == Mode::heredoc) {
        const std::string_view word = trimmed(line);
        const bool is_end = language_.has(trait::php_heredocs) ? leading_name(word) == ending_ : word == ending_;
        if (is_end) mode_ = Mode::code;
    }
}

std::size_t BraceLexer::step_over(std::string_view segment, std::size_t at) {
    switch (mode_) {
        case Mode::code: return at;
        case Mode::comment: return close_comment(segment, at);
        case Mode::string: return close_string(segment, at);
        case Mode::triple:
        case Mode::raw: return close_at(segment, at, ending_);
        case Mode::verbatim: {
            const std::size_t end = segment.find('"', at);
            if (end == npos) return segment.size();
            if (end + 1 < segment.size() && segment[end + 1] == '"') return end + 2;
            mode_ = Mode::code;
            return end + 1;
        }
        case Mode::backtick: return close_template(segment, at);
        case Mode::markup: return close_at(segment, at, "<?");
        case Mode::heredoc:
        case Mode::directive: return segment.size();
    }
    return segment.size();
}

std::size_t BraceLexer::close_at(std::string_view segment, std::size_t at, std::string_view ending) {
    std::size_t end = segment.find(ending, at);
    while (mode_ == Mode::triple && end != npos && end > at && segment[end - 1] == '\\')
        end = segment.find(ending, end + 1);
    if (end == npos) return segment.size();
    mode_ = Mode::code;
    end += ending.size();
    if (ending == "<?") end += leading_name(segment.substr(end)).size();
    return end;
}

std::size_t BraceLexer::close_comment(std::string_view segment, std::size_t at) {
    const bool nests = language_.has(trait::nested_comments);
    while (at < segment.size()) {
        at = nests ? find_either(segment, at, '*', '/') : std::min(segment.find('*', at), segment.size());
        if (at + 1 >= segment.size()) return segment.size();
        const std::string_view two = segment.substr(at, 2);
        if (two == "*/") {
            at += 2;
            if (--comment_depth_ > 0) continue;
            mode_ = Mode::code;
            return at;
        }
        const bool opens = nests && two == "/*";
        if (opens) ++comment_depth_;
        at += opens ? 2 : 1;
    }
    return at;
}

std::size_t BraceLexer::close_string(std::string_view segment, std::size_t at) {
    const bool escapes = quote_ == '"' || !language_.has(trait::raw_single_quotes);
    while (at < segment.size()) {
        at = find_either(segment, at, quote_, '\\');
        if (at == segment.size()) break;
        if (segment[at] == quote_) {
            mode_ = Mode::code;
            return at + 1;
        }
        at += escapes ? 2 : 1;
    }
    return segment.size();
}

std::size_t BraceLexer::close_template(std::string_view segment, std::size_t at) {
    const bool is_raw = language_.has(trait::backtick_raw);
    while (at < segment.size()) {
        at = find_first<template_stops>(segment, at);
        if (at == segment.size()) break;
        if (segment[at] == '`') {
            mode_ = Mode::code;
            return at + 1;
        }
        const bool opens = !is_raw && segment.substr(at, 2) == "${" && template_braces_.size() < template_depth_max;
        if (opens) {
            template_braces_.push_back(0);
            mode_ = Mode::code;
            return at + 2;
        }
        at += !is_raw && segment[at] == '\\' ? 2 : 1;
    }
    return segment.size();
}

// Inside ${…} nothing is reported; its closing brace leads back into the template.
bool BraceLexer::take_template_brace(char mark) {
    if (mark == '{') ++template_braces_.back();
    if (mark != '}') return false;
    if (template_braces_.back() > 0) {
        --template_braces_.back();
        return false;
    }
    template_braces_.pop_back();
    mode_ = Mode::backtick;
    return true;
}

std::size_t BraceLexer::open(std::string_view segment, std::size_t at) {
    switch (segment[at]) {
        case '/': return open_slash(segment, at);
        case '#': return open_hash(segment, at);
        case '"': return open_quote(segment, at);
        case '\'': return open_single_quote(segment, at);
        case '<': return open_heredoc(segment, at);
        case '?':
            if (language_.has(trait::php_heredocs) && segment.substr(at, 2) == "?>") mode_ = Mode::markup;
            collect("?");
            return at + 1;
        default: break;
    }
    const bool has_backticks = language_.has(trait::backtick_raw | trait::backtick_template);
    if (has_backticks) {
        collect("\"");
        mode_ = Mode::backtick;
    }
    return at + 1;
}

std::size_t BraceLexer::open_slash(std::string_view segment, std::size_t at) {
    const char next = at + 1 < segment.size() ? segment[at + 1] : '\0';
    if (language_.has(trait::slash_comments) && next == '/') {
        const std::size_t markup = language_.has(trait::php_heredocs) ? segment.find("?>", at) : npos;
        if (markup != npos) mode_ = Mode::markup;
        return markup != npos ? markup + 2 : segment.size();
    }
    if (language_.has(trait::slash_comments) && next == '*') {
        mode_ = Mode::comment;
        comment_depth_ = 1;
        return at + 2;
    }
    if (language_.has(trait::regex_literals) && regex_may_end_ && begins_regex(segment, at)) {
        if (const std::size_t end = regex_end(segment, at); end > 0) return end;
        regex_may_end_ = false;  // it was a division after all; the line is not searched again
    }
    collect("/");
    return at + 1;
}

std::size_t BraceLexer::open_hash(std::string_view segment, std::size_t at) {
    const bool stands_alone = at == 0 || std::string_view(" \t;").find(segment[at - 1]) != npos;
    const bool is_attribute = at + 1 < segment.size() && segment[at + 1] == '[';
    if (language_.has(trait::hash_comments) && stands_alone && !(is_attribute && language_.has(trait::php_heredocs))) {
        return segment.size();
    }
    collect("#");
    return at + 1;
}

std::size_t BraceLexer::open_quote(std::string_view segment, std::size_t at) {
    collect("\"");  // of a string nothing else
    const char left = at > 0 ? segment[at - 1] : '\0';
    const bool may_be_raw = language_.has(trait::raw_strings_delimited | trait::raw_strings_hashed);
    if (may_be_raw && (left == 'R' || left == 'r' || left == '#')) {
        if (const std::size_t behind = open_raw(segment, at); behind > 0) return behind;
    }
    if (language_.has(trait::triple_quotes) && segment.substr(at, 3) == "\"\"\"") {
        mode_ = Mode::triple;
        ending_ = "\"\"\"";
        return at + 3;
    }
    const bool is_verbatim =
        language_.has(trait::verbatim_strings) && (left == '@' || (left == '$' && at > 1 && segment[at - 2] == '@'));
    mode_ = is_verbatim ? Mode::verbatim : Mode::string;
    quote_ = '"';
    return at + 1;
}

// C++'s R"x(…)x", Rust's r#"…"#. 0 if it is neither.
std::size_t BraceLexer::open_raw(std::string_view segment, std::size_t at) {
    if (language_.has(trait::raw_strings_delimited)) {
        const std::size_t paren = segment.substr(at, 18).find('(');
        if (paren == npos || segment[at - 1] != 'R') return 0;
        ending_ = ')';
        ending_.append(segment.substr(at + 1, paren - 1)).append("\"");
        mode_ = Mode::raw;
        return at + paren + 1;
    }
    std::size_t begin = at;
    while (begin > 0 && at - begin < ending_bytes_max && segment[begin - 1] == '#') --begin;
    if (begin == 0 || segment[begin - 1] != 'r') return 0;
    ending_ = '"';
    ending_.append(at - begin, '#');
    mode_ = Mode::raw;
    return at + 1;
}

std::size_t BraceLexer::open_single_quote(std::string_view segment, std::size_t at) {
    if (language_.has(trait::raw_strings_hashed)) {  // a character, or a lifetime
        const std::string_view rest = segment.substr(at + 1, 12);
        const bool is_escape = rest.starts_with('\\');
        const std::size_t end = rest.find('\'', is_escape ? 2 : 1);
        if (end == npos) return at + 1;
        const bool is_wide = static_cast<unsigned char>(rest[0]) >= 0x80 && end <= 4;
        return is_escape || end == 1 || is_wide ? at + 1 + end + 1 : at + 1;
    }
    if (parts_number(segment, at)) return at + 1;
    collect("\"");
    if (language_.has(trait::triple_quotes) && language_.has(trait::single_quote_strings) &&
        segment.substr(at, 3) == "'''") {
        mode_ = Mode::triple;
        ending_ = "'''";
        return at + 3;
    }
    mode_ = Mode::string;
    quote_ = '\'';
    return at + 1;
}

// <<WORD, <<-'WORD' of shells, <<<WORD of PHP; its text begins with the next line.
std::size_t BraceLexer::open_heredoc(std::string_view segment, std::size_t at) {
    const bool is_php = language_.has(trait::php_heredocs);
    const std::string_view mark = is_php ? "<<<" : "<<";
    const bool may_be = language_.has(trait::heredocs | trait::php_heredocs) && segment.substr(at).starts_with(mark);
    if (!may_be) {
        collect("<");
        return at + 1;
    }
    std::size_t begin = at + mark.size();
    if (!is_php && begin < segment.size() && segment[begin] == '<') return begin + 1;  // a here-string
    while (begin < segment.size() && std::string_view("-~ \t'\"\\").find(segment[begin]) != npos) ++begin;
    const std::string_view word = leading_name(segment.substr(begin));
    const bool is_word = !word.empty() && !is_digit(word[0]) && word.size() <= ending_bytes_max;
    if (is_word && next_heredoc_.empty()) next_heredoc_ = word;
    std::size_t end = begin + word.size();
    if (is_word && end < segment.size() && (segment[end] == '\'' || segment[end] == '"')) ++end;
    return end;
}

}  // namespace archaeologist
