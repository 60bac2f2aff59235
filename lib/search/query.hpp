// The query syntax of the modes hybrid, words and semantic. Pure.
//
//   query   = item *( space item )
//   item    = [ "-" ] ( field ":" value | phrase | word "*" | word )
//   field   = "path" | "lang" | "type" | "symbol"     in small letters, and no second ":" behind
//   value   = phrase | characters up to a space
//   phrase  = DQUOTE characters DQUOTE                a backslash within stands before " and itself
//
// "-" leaves out only what begins with a letter, a digit, _ or a quote: "->" and "--force" are text. A quote within a word
// is text, as is a * that no letter or digit stands before. Everything else is words, which the analyzer parts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist {

struct QueryWords {
    std::vector<std::string> words;     // as typed
    std::vector<std::string> phrases;   // without their quotes
    std::vector<std::string> prefixes;  // without their star

    [[nodiscard]] bool empty() const { return words.empty() && phrases.empty() && prefixes.empty(); }
};

struct QueryFields {
    std::vector<std::string> paths;  // as typed
    std::vector<std::string> languages;
    std::vector<std::string> file_types;
    std::vector<std::string> symbols;
};

struct ParsedQuery {
    QueryWords wanted;
    QueryWords unwanted;
    QueryFields fields;
    QueryFields not_fields;
    // What is looked for, as running text: the query itself where it has no operator.
    std::string text;
};

// Errors: invalid_argument, naming the place in characters from 1.
[[nodiscard]] Result<ParsedQuery> parse_query(std::string_view query);

// Whether sources may be of this language (a name that language_name() gave), or this type.
[[nodiscard]] bool is_language(std::string_view name);
[[nodiscard]] bool is_file_type(std::string_view name);
// "text, markdown, …": all of them.
[[nodiscard]] std::string file_type_names();
inline constexpr std::string_view language_examples = "like python, c++ or german";

// The globs for a path: field. Without a wildcard it names whole parts of a path: "lib/search" is all below any folder of
// that name, and a file of it.
[[nodiscard]] std::vector<std::string> path_globs(std::string_view value);

}  // namespace archaeologist
