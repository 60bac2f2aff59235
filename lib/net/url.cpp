#include "net/url.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"

namespace archaeologist::net {
namespace {

std::string encoded(std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_plain || kept.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
        }
    }
    return out;
}

}  // namespace

std::string percent_encoded(std::string_view text) { return encoded(text, "-._~"); }

std::string percent_encoded_path(std::string_view path) { return encoded(path, "-._~/"); }

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::array<std::uint8_t, 1> byte{};
        if (text[i] == '%' && i + 2 < text.size() && from_hex(text.substr(i + 1, 2), byte)) {
            out += static_cast<char>(byte[0]);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<Parameter> parse_query(std::string_view query) {
    std::vector<Parameter> parameters;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view parameter = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = std::min(parameter.find('='), parameter.size());
        parameters.push_back({std::string(parameter.substr(0, equals)),
                              percent_decoded(parameter.substr(std::min(equals + 1, parameter.size())))});
    }
    return parameters;
}

std::string sorted_query(std::span<const Parameter> parameters) {
    std::vector<std::pair<std::string, std::string>> pairs;
    pairs.reserve(parameters.size());
    for (const auto& [name, value] : parameters) pairs.emplace_back(percent_encoded(name), percent_encoded(value));
    std::sort(pairs.begin(), pairs.end());
    std::string query;
    for (const auto& [name, value] : pairs) {
        if (!query.empty()) query += '&';
        query.append(name).append("=").append(value);
    }
    return query;
}

std::string shown_url(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return std::string(url);
    const std::size_t host = scheme_end + 3;
    const std::size_t path = std::min(url.find('/', host), url.size());
    const std::size_t user_end = url.substr(0, path).rfind('@');
    if (user_end == std::string_view::npos || user_end < host) return std::string(url);
    return std::string(url.substr(0, host)).append(url.substr(user_end + 1));
}

}  // namespace archaeologist::net
