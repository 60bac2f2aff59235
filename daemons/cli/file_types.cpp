#include "cli/file_types.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "archaeologist/search.hpp"

namespace archaeologist::cli {
namespace {

std::string full_name(const std::string& type) { return type == "txt" ? "text" : language_name(type); }

}  // namespace

std::string sort_types(const std::vector<std::string>& types, VectorFilter& filter) {
    constexpr std::array<std::string_view, 10> file_types{"text", "markdown", "code", "sql", "csv",
                                                          "json", "xml",      "html", "log", "config"};
    for (const auto& type : types) {
        const std::string name = full_name(type);
        const bool is_file_type = std::find(file_types.begin(), file_types.end(), name) != file_types.end();
        (is_file_type ? filter.file_types : filter.languages).push_back(name);
    }
    if (filter.file_types.empty() || filter.languages.empty()) return {};
    return "--type: \"" + filter.file_types.front() + "\" is a type of file and \"" + filter.languages.front() +
           "\" a language, must be all of one kind";
}

}  // namespace archaeologist::cli
