#include "search/request.hpp"

#include <array>

#include "base/utf8.hpp"
#include "search/query.hpp"
#include "vector/points.hpp"
#include "vector/regex.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t query_bytes_max = 4'096;
constexpr std::size_t limit_max = 1'000;
constexpr std::size_t offset_max = 10'000;
constexpr std::size_t context_lines_max = 100;
constexpr std::size_t filter_values_max = 1'000;

constexpr std::array<std::string_view, 4> mode_names = {"hybrid", "words", "semantic", "literal"};

Error refused(const std::string& what) { return {Code::invalid_argument, "search: " + what}; }

Status at_most(std::string_view what, std::size_t value, std::size_t max) {
    if (value <= max) return {};
    return refused(std::string(what) + " is " + std::to_string(value) + ", must be at most " + std::to_string(max));
}

Status validate_filter(const VectorFilter& filter) {
    ARCHAEO_TRY(at_most("the number of sources", filter.sources.size(), filter_values_max));
    ARCHAEO_TRY(at_most("the number of languages", filter.languages.size(), filter_values_max));
    ARCHAEO_TRY(at_most("the number of types", filter.file_types.size(), filter_values_max));
    ARCHAEO_TRY(at_most("the number of paths", filter.paths.size() + filter.not_paths.size(), filter_values_max));
    for (const std::string& language : filter.languages) {
        if (is_language(language_name(language))) continue;
        return refused("the language \"" + language + "\" is none that files are in, must be " +
                       std::string(language_examples) + ", or a type of file: " + file_type_names());
    }
    for (const std::string& type : filter.file_types) {
        if (is_file_type(type)) continue;
        return refused("the type \"" + type + "\" is none of files, must be one of " + file_type_names());
    }
    return at_most("the path glob's size in bytes", filter.path_glob.size(), glob_bytes_max);
}

}  // namespace

std::string_view to_string(SearchMode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

std::optional<SearchMode> parse_search_mode(std::string_view text) {
    for (std::size_t i = 0; i < mode_names.size(); ++i) {
        if (text == mode_names[i]) return static_cast<SearchMode>(i);
    }
    return std::nullopt;
}

Status validate(const SearchRequest& request) {
    const std::size_t bytes_max = request.mode == SearchMode::literal ? literal_bytes_max : query_bytes_max;
    if (request.query.empty()) return refused("the query is empty, must have at least one character");
    if (request.query.size() > bytes_max) {
        return refused("the query has " + std::to_string(request.query.size()) + " bytes, must have at most " +
                       std::to_string(bytes_max) + " in mode " + std::string(to_string(request.mode)));
    }
    if (!is_valid_utf8(request.query)) return refused("the query is not valid UTF-8");
    if (request.pattern == TextPattern::regex && request.mode != SearchMode::literal) {
        return refused("a regular expression in mode " + std::string(to_string(request.mode)) +
                       ", must be in mode literal");
    }
    // Here, so that it is refused also where there is nothing to look at.
    if (request.pattern == TextPattern::regex) {
        if (const auto regex = Regex::compile(request.query, request.letter_case); !regex) {
            return refused(regex.error().message);
        }
    }
    if (request.limit < 1 || request.limit > limit_max) {
        return refused("limit is " + std::to_string(request.limit) + ", must be 1 to " + std::to_string(limit_max));
    }
    ARCHAEO_TRY(at_most("offset", request.offset, offset_max));
    ARCHAEO_TRY(at_most("context_lines", request.context_lines, context_lines_max));
    ARCHAEO_TRY(at_most("the number of projects", request.projects.size(), filter_values_max));
    return validate_filter(request.filter);
}

}  // namespace archaeologist
