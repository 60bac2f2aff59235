#include "lake/s3/location.hpp"

#include <algorithm>

namespace archaeologist::s3 {
namespace {

constexpr std::string_view scheme = "s3://";
constexpr std::size_t prefix_bytes_max = 512;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter_or_digit(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

template <class Allowed>
bool all_are(std::string_view text, Allowed allowed) {
    return std::all_of(text.begin(), text.end(), allowed);
}

Error wrong(const std::string& what) { return {Code::invalid_argument, "lake: " + what}; }

// As S3 itself has it.
Status check_bucket(std::string_view bucket) {
    const bool is_name = bucket.size() >= 3 && bucket.size() <= 63 && is_lower_or_digit(bucket.front()) &&
                         is_lower_or_digit(bucket.back()) &&
                         all_are(bucket, [](char c) { return is_lower_or_digit(c) || c == '-' || c == '.'; });
    if (is_name) return {};
    return wrong("bucket is \"" + std::string(bucket) +
                 "\", must be 3 to 63 lower-case letters, digits, dots and hyphens, as in s3://bucket/prefix");
}

// Keys stay such that every server and every tool reads them alike.
Result<std::string> prefix_of(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return std::string();
    const bool is_plain =
        path.size() <= prefix_bytes_max && path.find("//") == std::string_view::npos &&
        path.find("..") == std::string_view::npos && all_are(path, [](char c) {
            return is_letter_or_digit(c) || std::string_view("-_./").find(c) != std::string_view::npos;
        });
    if (is_plain) return std::string(path) + "/";
    return wrong("prefix is \"" + std::string(path) + "\", must be at most " + std::to_string(prefix_bytes_max) +
                 " letters, digits and -_./ without .. and //");
}

Result<std::string> endpoint_of(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    const std::size_t host = text.find("://") == std::string::npos ? 0 : text.find("://") + 3;
    const bool is_http = text.starts_with("http://") || text.starts_with("https://");
    const bool is_host =
        text.size() > host && all_are(std::string_view(text).substr(host), [](char c) {
            return is_letter_or_digit(c) || std::string_view("-.:[]").find(c) != std::string_view::npos;
        });
    if (is_http && is_host) return text;
    return wrong("endpoint is \"" + net::shown_url(text) + "\", must be http://HOST[:PORT] or https://HOST[:PORT]");
}

Status take_parameter(Location& location, std::string_view name, std::string value) {
    if (name == "endpoint") {
        ARCHAEO_ASSIGN(location.endpoint, endpoint_of(std::move(value)));
        return {};
    }
    if (name == "region") {
        const bool is_region = !value.empty() && value.size() <= 64 &&
                               all_are(value, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
        if (!is_region) return wrong("region is \"" + value + "\", must be letters, digits and hyphens");
        location.region = std::move(value);
        return {};
    }
    // The value of a parameter that is not known may be a secret in the wrong place.
    if (name != "style") return wrong("parameter \"" + std::string(name) + "\" must be endpoint, region or style");
    if (value != "path" && value != "host") return wrong("style is \"" + value + "\", must be path or host");
    location.style = value == "path" ? Style::path : Style::host;
    return {};
}

}  // namespace

Result<Location> parse_location(std::string_view text) {
    if (!text.starts_with(scheme)) {
        return wrong("URL is \"" + net::shown_url(text) + "\", must be s3://BUCKET[/PREFIX][?endpoint=…]");
    }
    const std::size_t query_begin = std::min(text.find('?'), text.size());
    const std::string_view path = text.substr(scheme.size(), query_begin - scheme.size());
    const std::string_view query = text.substr(std::min(query_begin + 1, text.size()));
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (path.substr(0, slash).find('@') != std::string_view::npos) {
        return wrong("URL has a user, must have none: credentials come by their own settings");
    }
    Location location;
    location.bucket = path.substr(0, slash);
    ARCHAEO_TRY(check_bucket(location.bucket));
    ARCHAEO_ASSIGN(location.prefix, prefix_of(path.substr(slash)));
    location.region = "us-east-1";
    bool has_style = false;
    for (auto& [name, value] : net::parse_query(query)) {
        has_style = has_style || name == "style";
        ARCHAEO_TRY(take_parameter(location, name, std::move(value)));
    }
    if (!has_style) location.style = location.endpoint.empty() ? Style::host : Style::path;
    if (location.endpoint.empty()) location.endpoint = "https://s3." + location.region + ".amazonaws.com";
    return location;
}

std::string to_string(const Location& location) {
    std::string prefix = location.prefix;
    if (!prefix.empty()) prefix.pop_back();
    return std::string(scheme) + location.bucket + (prefix.empty() ? "" : "/" + prefix) + " at " + location.endpoint;
}

std::string url_of(const Location& location, std::string_view key, std::span<const net::Parameter> query) {
    const std::size_t host = location.endpoint.find("://") + 3;
    std::string url = location.endpoint.substr(0, host);
    if (location.style == Style::host) url += location.bucket + ".";
    url += location.endpoint.substr(host) + "/";
    if (location.style == Style::path) url += location.bucket;
    if (!key.empty()) {
        if (location.style == Style::path) url += "/";
        url += net::percent_encoded_path(location.prefix + std::string(key));
    }
    if (!query.empty()) url += "?" + net::sorted_query(query);
    return url;
}

}  // namespace archaeologist::s3
