// Finds the braces, parentheses and semicolons of a text that mean something, and steps over comments, strings,
// heredocs and the like. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/outline/language.hpp"

namespace archaeologist {

class BraceLexer {
public:
    explicit BraceLexer(const Language& language);

    struct Token {
        std::size_t at = 0;
        char mark = '\0';  // { or }; while code is collected also one of (); — '\0' at the segment's end
    };
    // The next one in the segment, from `at` on.
    [[nodiscard]] Token next(std::string_view segment, std::size_t at);
    // Between two lines.
    void end_line(std::string_view line) {
        regex_may_end_ = true;
        if (mode_ != Mode::code || !next_heredoc_.empty()) leave_line(line);
    }

    // Whether a comment, a string or a heredoc goes on.
    [[nodiscard]] bool is_inside() const { return mode_ != Mode::code; }
    // Steps over the rest of a line that is no code of this language.
    void skip_directive(std::string_view directive);

    // What was read of code outside comments and strings, while it is wanted; the first so many bytes.
    void collect_into(std::string* code) { code_ = code; }

private:
    enum class Mode : std::uint8_t {
        code,
        comment,
        string,
        triple,
        raw,
        verbatim,
        backtick,
        heredoc,
        directive,
        markup
    };

    [[nodiscard]] std::size_t find_stop(std::string_view segment, std::size_t at) const;
    void leave_line(std::string_view line);
    void collect(std::string_view code);
    // Each steps behind what begins or goes on at `at`, as far as the segment goes.
    std::size_t step_over(std::string_view segment, std::size_t at);
    std::size_t open(std::string_view segment, std::size_t at);
    std::size_t open_slash(std::string_view segment, std::size_t at);
    std::size_t open_hash(std::string_view segment, std::size_t at);
    std::size_t open_quote(std::string_view segment, std::size_t at);
    std::size_t open_single_quote(std::string_view segment, std::size_t at);
    std::size_t open_raw(std::string_view segment, std::size_t at);
    std::size_t open_heredoc(std::string_view segment, std::size_t at);
    std::size_t close_comment(std::string_view segment, std::size_t at);
    std::size_t close_string(std::string_view segment, std::size_t at);
    std::size_t close_template(std::string_view segment, std::size_t at);
    std::size_t close_at(std::string_view segment, std::size_t at, std::string_view ending);
    bool take_template_brace(char mark);

    const Language& language_;
    bool has_few_stops_;
    bool regex_may_end_ = true;  // in this line
    Mode mode_ = Mode::code;
    char quote_ = '\0';
    std::size_t comment_depth_ = 0;
    std::string ending_;                          // of a raw string or a heredoc
    std::string next_heredoc_;                    // begins with the next line
    std::vector<std::uint32_t> template_braces_;  // open ones, of each ${ that is open
    std::string* code_ = nullptr;
};

}  // namespace archaeologist
