#include "cli/file_types.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>

namespace archaeologist::cli {
namespace {

// The names people use for what the library calls otherwise.
std::string full_name(const std::string& type) {
    static const std::map<std::string, std::string, std::less<>> names{
        {"cpp", "c++"},  {"cs", "c#"},     {"js", "javascript"}, {"md", "markdown"},    {"py", "python"},
        {"rb", "ruby"},  {"rs", "rust"},   {"sh", "shell"},      {"bash", "shell"},     {"ts", "typescript"},
        {"txt", "text"}, {"golang", "go"}, {"kt", "kotlin"},     {"vb", "visual basic"}};
    const auto found = names.find(type);
    return found == names.end() ? type : found->second;
}

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
