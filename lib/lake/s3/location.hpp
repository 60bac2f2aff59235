// Where a bucket is, and what its objects' URLs are.
//   s3://bucket[/prefix][?endpoint=https://host[:port]][&region=eu-central-1][&style=path|host]
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"
#include "net/url.hpp"

namespace archaeologist::s3 {

// path: https://endpoint/bucket/key · host: https://bucket.endpoint/key
enum class Style : std::uint8_t { path, host };

struct Location {
    std::string endpoint;  // "https://s3.eu-central-1.amazonaws.com"
    std::string bucket;
    std::string prefix;  // "" or "a/b/"
    std::string region;
    Style style = Style::path;
};

// Without an endpoint it is AWS's of the region, in host style; with one the style is path unless it is said. The region is
// us-east-1 unless it is said. Values are percent-decoded. Errors: invalid_argument.
[[nodiscard]] Result<Location> parse_location(std::string_view text);

// "s3://bucket/prefix at https://endpoint"
[[nodiscard]] std::string to_string(const Location& location);

// Of the key below the prefix; of the bucket itself when it is empty. The query is sorted, as the signature needs it.
[[nodiscard]] std::string url_of(const Location& location, std::string_view key,
                                 std::span<const net::Parameter> query = {});

}  // namespace archaeologist::s3
