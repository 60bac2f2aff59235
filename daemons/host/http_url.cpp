#include "host/http_url.hpp"

#include <algorithm>
#include <charconv>

namespace archaeologist::host {
namespace {

constexpr int port_of_http = 80;
constexpr int port_of_https = 443;
constexpr int port_max = 65'535;
constexpr std::size_t url_bytes_max = 2'048;
constexpr std::string_view digits = "0123456789ABCDEF";

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7F; }

// What of a URL may be shown: no user, password, query or fragment.
std::string shown(std::string_view text) {
    std::string url(text.substr(0, std::min(text.find_first_of("?#"), url_bytes_max)));
    const std::size_t scheme_end = url.find("://");
    const std::size_t begin = scheme_end == std::string::npos ? 0 : scheme_end + 3;
    const std::size_t at = url.rfind('@');
    if (at != std::string::npos && at >= begin) url.replace(begin, at - begin, "***");
    return '"' + url + '"';
}

Error bad_url(std::string_view text, std::string_view rule) {
    return {Code::invalid_argument, "server URL " + shown(text) + ' ' + std::string(rule)};
}

struct Authority {
    std::string host;
    std::string_view port;  // empty when not given
};

Result<Authority> parse_authority(std::string_view text, std::string_view rest) {
    if (rest.find('@') != std::string_view::npos) {
        return bad_url(text, "must not hold a user or password; a key comes from $ARCHAEOLOGIST_API_KEY");
    }
    Authority found;
    if (rest.starts_with('[')) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos) return bad_url(text, "must close its [");
        found.host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
        const bool is_address =
            found.host.find(':') != std::string::npos && std::all_of(found.host.begin(), found.host.end(), [](char c) {
                return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
                       c == '.';
            });
        if (!is_address) return bad_url(text, "must have an IPv6 address in its brackets");
        if (!rest.empty() && rest.front() != ':') return bad_url(text, "must go on with :PORT after its ]");
    } else {
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        found.host = rest.substr(0, colon);
        rest.remove_prefix(colon);
        if (!std::all_of(found.host.begin(), found.host.end(), is_unreserved)) {
            return bad_url(text, "must name its host by letters, digits, dots and hyphens, or by an address");
        }
    }
    if (found.host.empty()) return bad_url(text, "must name a host");
    if (rest == ":") return bad_url(text, "must have a port after its colon");
    if (!rest.empty()) found.port = rest.substr(1);
    return found;
}

}  // namespace

std::string HttpUrl::text() const {
    std::string url = scheme == Scheme::https ? "https://" : "http://";
    url += host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (port != (scheme == Scheme::https ? port_of_https : port_of_http)) url += ':' + std::to_string(port);
    return url + base_path;
}

Result<HttpUrl> parse_http_url(std::string_view text) {
    if (text.size() > url_bytes_max) return bad_url(text, "must have at most 2048 bytes");
    if (!std::all_of(text.begin(), text.end(), is_visible_ascii)) {
        return bad_url(text, "must be visible ASCII without spaces; other characters are written %HH");
    }
    HttpUrl url;
    std::string_view rest = text;
    if (rest.starts_with("https://")) {
        url.scheme = HttpUrl::Scheme::https;
        url.port = port_of_https;
    } else if (!rest.starts_with("http://")) {
        return bad_url(text, "must begin with http:// or https://");
    }
    rest.remove_prefix(rest.find("//") + 2);
    if (rest.find_first_of("?#") != std::string_view::npos) return bad_url(text, "must have no ? and no #");
    const std::size_t path = std::min(rest.find('/'), rest.size());
    ARCHAEO_ASSIGN(const auto authority, parse_authority(text, rest.substr(0, path)));
    url.host = authority.host;
    if (!authority.port.empty()) {
        const char* const end = authority.port.data() + authority.port.size();
        const auto [parsed, failure] = std::from_chars(authority.port.data(), end, url.port);
        if (failure != std::errc() || parsed != end || url.port < 1 || url.port > port_max) {
            return bad_url(text, "must have a port of 1 to 65535");
        }
    }
    url.base_path = rest.substr(path);
    while (url.base_path.ends_with('/')) url.base_path.pop_back();
    return url;
}

std::string percent_encoded(std::string_view text, Slashes slashes) {
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c) || (c == '/' && slashes == Slashes::kept)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 0xF]);
    }
    return encoded;
}

HttpQuery& HttpQuery::add(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? '?' : '&';
    text_ += percent_encoded(name) + '=' + percent_encoded(value);
    return *this;
}

HttpQuery& HttpQuery::add(std::string_view name, std::uint64_t value) { return add(name, std::to_string(value)); }

HttpQuery& HttpQuery::add_if_any(std::string_view name, std::string_view value) {
    return value.empty() ? *this : add(name, value);
}

}  // namespace archaeologist::host
