// Where a server is, and what is asked of it, as URLs (RFC 3986) write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

namespace archaeologist::host {

struct HttpUrl {
    enum class Scheme { http, https };

    Scheme scheme = Scheme::http;
    std::string host;  // of an IPv6 address without its brackets
    int port = 80;
    std::string base_path;  // empty, or "/a/b" without a slash at its end

    // Without what the scheme implies; holds nothing secret.
    [[nodiscard]] std::string text() const;
};

// http or https, a host, a port and a base path; nothing else. Errors: invalid_argument, which never shows what may be a
// password.
[[nodiscard]] Result<HttpUrl> parse_http_url(std::string_view text);

enum class Slashes { encoded, kept };

// Every byte but unreserved ones becomes %HH.
[[nodiscard]] std::string percent_encoded(std::string_view text, Slashes slashes = Slashes::encoded);

// "?name=value&name=value"; empty without any.
class HttpQuery {
public:
    HttpQuery& add(std::string_view name, std::string_view value);
    HttpQuery& add(std::string_view name, std::uint64_t value);
    // Nothing when the value is empty.
    HttpQuery& add_if_any(std::string_view name, std::string_view value);
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

}  // namespace archaeologist::host
