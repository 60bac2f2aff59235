// Pieces of URLs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archaeologist::net {

// RFC 3986: all but letters, digits and -._~ become %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

// The same with / kept.
[[nodiscard]] std::string percent_encoded_path(std::string_view path);

struct Parameter {
    std::string name;
    std::string value;
};

// %XX becomes its byte; a % without two hexadecimal digits behind it stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

// The parameters of "a=1&b=%2F&c", in their order, values decoded, names as they are.
[[nodiscard]] std::vector<Parameter> parse_query(std::string_view query);

// "a=1&b=%2F", sorted by name, as signatures need it; empty without parameters.
[[nodiscard]] std::string sorted_query(std::span<const Parameter> parameters);

// As messages may show it: without user, query and fragment.
[[nodiscard]] std::string shown_url(std::string_view url);

}  // namespace archaeologist::net
