// Regular expressions over texts that arrive in pieces. Time grows with the text, whatever the expression (RE2).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vector/literal.hpp"
#include "vector/text_scanner.hpp"

namespace re2 {
class FilteredRE2;
class RE2;
}  // namespace re2

namespace archaeologist {

inline constexpr std::int64_t regex_memory_bytes_max = 32 << 20;  // compiled, with its automata
inline constexpr std::size_t regex_window_bytes_max = 16 << 20;   // a longer line is looked at in parts

// RE2's syntax. A match lies within one line; ^ and $ are a line's ends. Immutable, so thread-safe.
class Regex {
public:
    // Errors: invalid_argument (no regular expression, too large a one, one that matches the empty text or "\n").
    [[nodiscard]] static Result<Regex> compile(std::string_view pattern, LetterCase letter_case);
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;
    ~Regex();

    // The leftmost match that begins in [from, end) and ends there. What is around it counts for ^, $ and \b. An empty
    // range: none.
    [[nodiscard]] ByteRange find(std::string_view text, std::size_t from, std::size_t end) const;

private:
    explicit Regex(std::unique_ptr<re2::RE2> compiled);
    std::unique_ptr<re2::RE2> compiled_;
};

// Pieces of text without which an expression cannot match.
class RegexFilter {
public:
    RegexFilter(std::string_view pattern, LetterCase letter_case);
    ~RegexFilter();
    RegexFilter(const RegexFilter&) = delete;
    RegexFilter& operator=(const RegexFilter&) = delete;

    // In small letters; none: it may match anything.
    [[nodiscard]] const std::vector<std::string>& atoms() const { return atoms_; }
    // Whether a text may match that holds, in any case, these atoms and no others.
    [[nodiscard]] bool may_match(const std::vector<bool>& is_held) const;

private:
    std::unique_ptr<re2::FilteredRE2> filter_;
    std::vector<std::string> atoms_;
};

class RegexScanner final : public TextScanner {
public:
    RegexScanner(Regex regex, WordRule word_rule) : regex_(std::move(regex)), word_rule_(word_rule) {}

    void restart() override;
    [[nodiscard]] const std::vector<ByteRange>& push(std::string_view piece) override;
    [[nodiscard]] const std::vector<ByteRange>& finish() override;

private:
    void scan(std::size_t end);

    Regex regex_;
    WordRule word_rule_;
    std::string window_;              // from the end of a line that is done with on
    std::uint64_t window_begin_ = 0;  // in the text
    std::size_t next_ = 0;            // in the window: what is before it is done with
    std::vector<ByteRange> matches_;
};

}  // namespace archaeologist
