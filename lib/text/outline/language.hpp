// What the scanners know of programming languages: one row each. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "text/outline/words.hpp"

namespace archaeologist {

enum class Family : std::uint8_t { brace, indent, cobol, basic, sql };

// What a language's text is made of, as far as it could hide a brace or a quote.
namespace trait {
inline constexpr std::uint32_t slash_comments = 1U << 0;          // // and /* */
inline constexpr std::uint32_t nested_comments = 1U << 1;         // /* /* */ */
inline constexpr std::uint32_t hash_comments = 1U << 2;           // # behind white space
inline constexpr std::uint32_t preprocessor = 1U << 3;            // lines that begin with #
inline constexpr std::uint32_t long_strings = 1U << 4;            // "…" and '…' go on in the next line
inline constexpr std::uint32_t triple_quotes = 1U << 5;           // """…"""
inline constexpr std::uint32_t single_quote_strings = 1U << 6;    // '…' of any length; else one character
inline constexpr std::uint32_t raw_single_quotes = 1U << 7;       // no escapes in '…'
inline constexpr std::uint32_t backtick_raw = 1U << 8;            // `…` without escapes
inline constexpr std::uint32_t backtick_template = 1U << 9;       // `…${…}…`
inline constexpr std::uint32_t raw_strings_delimited = 1U << 10;  // R"x(…)x"
inline constexpr std::uint32_t raw_strings_hashed = 1U << 11;     // r#"…"#; 'a is a lifetime
inline constexpr std::uint32_t verbatim_strings = 1U << 12;       // @"…""…"
inline constexpr std::uint32_t regex_literals = 1U << 13;         // /…/ where no operand ends
inline constexpr std::uint32_t heredocs = 1U << 14;               // <<WORD, and <<-
inline constexpr std::uint32_t php_heredocs = 1U << 15;           // <<<WORD; text outside <?php … ?>
inline constexpr std::uint32_t lines_end_statements = 1U << 16;   // where nothing asks for more
inline constexpr std::uint32_t shell_words = 1U << 17;            // parentheses do not pair; ${…}
inline constexpr std::uint32_t typed_functions = 1U << 18;        // a type before the name makes a function
inline constexpr std::uint32_t member_initialisers = 1U << 19;    // X() : a_{1} {
inline constexpr std::uint32_t bare_methods = 1U << 20;           // name(…) { in a class is a function
inline constexpr std::uint32_t receivers = 1U << 21;              // func (r *T) name
inline constexpr std::uint32_t properties = 1U << 22;             // int Name { get; }
inline constexpr std::uint32_t quote_comments = 1U << 23;         // =begin … =end
inline constexpr std::uint32_t dash_comments = 1U << 24;          // -- and --[[ … ]]
inline constexpr std::uint32_t closed_by_end = 1U << 25;          // the line "end" belongs to what it closes
}  // namespace trait

struct Language {
    std::string_view name{};
    Family family = Family::brace;
    std::uint32_t traits = 0;
    std::string_view join = ".";         // between containers
    std::string_view member_join = ".";  // before a definition
    Words namespaces{};                  // what stands in them counts as standing in nothing
    Words containers{};                  // keyword, then name; holds definitions
    Words types{};                       // keyword, then name; holds none
    Words functions{};                   // keyword, then name

    [[nodiscard]] constexpr bool has(std::uint32_t wanted) const { return (traits & wanted) != 0; }
};

// By the name that extract/detect gives; nullptr when nothing is known of it. Lives for ever.
[[nodiscard]] const Language* find_language(std::string_view name);

// What code without a name looks like, judged by its first lines; nullptr when it does not say.
[[nodiscard]] const Language* guess_language(std::string_view beginning);

}  // namespace archaeologist
