#include "embed/http/location.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "base/utf8.hpp"
#include "net/url.hpp"

namespace archaeologist::embed {
namespace {

constexpr std::array<std::string_view, 4> api_names{"openai", "ollama", "tei", "llama"};
constexpr std::size_t text_bytes_max = 1'000;

struct NumberRule {
    std::string_view name;
    std::size_t Location::*member;
    std::size_t most;
};
constexpr std::array<NumberRule, 6> numbers{{{"dimensions", &Location::dimensions, 65'536},
                                             {"size", &Location::size, 65'536},
                                             {"max_tokens", &Location::max_tokens, 1'000'000},
                                             {"batch_texts", &Location::batch_texts, 2'048},
                                             {"batch_tokens", &Location::batch_tokens, 1'000'000},
                                             {"in_flight", &Location::in_flight, 64}}};

Error wrong(const std::string& what) { return {Code::invalid_argument, "embedder: " + what}; }

Result<std::string> text_of(std::string_view name, std::string value) {
    const bool has_control = std::any_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
    });
    if (value.size() <= text_bytes_max && is_valid_utf8(value) && !has_control) return value;
    return wrong(std::string(name) + " has " + std::to_string(value.size()) + " bytes, must be UTF-8 of at most " +
                 std::to_string(text_bytes_max) + " without control characters");
}

Status take_number(Location& location, const NumberRule& rule, std::string_view value) {
    std::size_t number = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || number < 1 || number > rule.most) {
        return wrong(std::string(rule.name) + " is \"" + std::string(value) + "\", must be 1 to " +
                     std::to_string(rule.most));
    }
    location.*rule.member = number;
    return {};
}

Status take_parameter(Location& location, std::string_view name, std::string value) {
    for (const NumberRule& rule : numbers) {
        if (rule.name == name) return take_number(location, rule, value);
    }
    if (name == "api") {
        const auto at = std::find(api_names.begin(), api_names.end(), value);
        if (at == api_names.end()) return wrong("api is \"" + value + "\", must be openai, ollama, tei or llama");
        location.api = static_cast<Api>(at - api_names.begin());
        return {};
    }
    // The value of a parameter that is not known may be a secret in the wrong place.
    if (name != "model" && name != "query_prefix" && name != "document_prefix") {
        return wrong("parameter \"" + std::string(name) +
                     "\" must be model, api, dimensions, max_tokens, query_prefix, document_prefix, batch_texts, "
                     "batch_tokens or in_flight; keys come by a setting of their own");
    }
    ARCHAEO_ASSIGN(auto text, text_of(name, std::move(value)));
    if (name == "model") location.model = std::move(text);
    if (name == "query_prefix") location.query_prefix = std::move(text);
    if (name == "document_prefix") location.document_prefix = std::move(text);
    return {};
}

Result<std::string> base_of(std::string_view text) {
    while (text.ends_with('/')) text.remove_suffix(1);
    const std::size_t host = text.find("://") == std::string_view::npos ? 0 : text.find("://") + 3;
    const bool is_http = text.starts_with("http://") || text.starts_with("https://");
    const std::string_view rest = text.substr(host);
    const bool is_plain = !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
        return c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}#@").find(c) == std::string_view::npos;
    });
    if (is_http && is_plain) return std::string(text);
    if (rest.find('@') != std::string_view::npos) {
        return wrong("URL has a user, must have none: keys come by a setting of their own");
    }
    return wrong("URL is \"" + net::shown_url(text) +
                 "\", must be builtin, or http://HOST[:PORT][/PATH] or https://…, then ?model=NAME");
}

}  // namespace

std::string_view to_string(Api api) { return api_names[static_cast<std::size_t>(api)]; }

Result<Location> parse_location(std::string_view url) {
    const std::size_t query_begin = std::min(url.find('?'), url.size());
    const std::string_view query = url.substr(std::min(query_begin + 1, url.size()));
    Location location;
    ARCHAEO_ASSIGN(location.base, base_of(url.substr(0, query_begin)));
    for (auto& [name, value] : net::parse_query(query)) ARCHAEO_TRY(take_parameter(location, name, std::move(value)));
    return location;
}

std::string to_url(const Location& location) {
    std::vector<net::Parameter> parameters;
    if (location.api) parameters.push_back({"api", std::string(to_string(*location.api))});
    if (!location.model.empty()) parameters.push_back({"model", location.model});
    if (location.query_prefix) parameters.push_back({"query_prefix", *location.query_prefix});
    if (location.document_prefix) parameters.push_back({"document_prefix", *location.document_prefix});
    for (const NumberRule& rule : numbers) {
        const std::size_t value = location.*rule.member;
        if (value > 0) parameters.push_back({std::string(rule.name), std::to_string(value)});
    }
    return location.base + (parameters.empty() ? "" : "?" + net::sorted_query(parameters));
}

std::string to_string(const Location& location) {
    return (location.model.empty() ? "its model" : location.model) + " at " + net::shown_url(location.base);
}

}  // namespace archaeologist::embed
