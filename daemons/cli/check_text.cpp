#include "cli/check_text.hpp"

#include <algorithm>

#include "archaeologist/json.hpp"
#include "host/printable.hpp"

namespace archaeologist::cli {
namespace {

constexpr std::size_t verdict_columns = 7;  // of the longest, "warning"

std::string padded(const std::string& text, std::size_t columns) {
    const std::size_t used = host::columns_of(text);
    return used < columns ? text + std::string(columns - used, ' ') : text;
}

}  // namespace

std::string text_of(const std::vector<Check>& checks) {
    std::size_t name_columns = 0;
    for (const auto& check : checks) {
        name_columns = std::max(name_columns, host::columns_of(host::printable(check.name)));
    }
    std::string text;
    for (const auto& check : checks) {
        text += padded(std::string(to_string(check.verdict)), verdict_columns) + "  ";
        text += padded(host::printable(check.name), name_columns) + "  " + host::printable(check.found) + '\n';
        if (!check.advice.empty()) text += std::string(verdict_columns + 2, ' ') + host::printable(check.advice) + '\n';
    }
    return text;
}

std::string json_of(const std::vector<Check>& checks) {
    JsonWriter json;
    json.begin_object().key("checks").begin_array();
    for (const auto& check : checks) json.raw(to_json(check));
    json.end_array().end_object();
    return std::move(json).text();
}

}  // namespace archaeologist::cli
