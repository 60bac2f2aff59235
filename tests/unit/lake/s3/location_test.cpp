#include "lake/s3/location.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace archaeologist;
using namespace archaeologist::s3;

TEST_CASE("without an endpoint it is AWS's of the region, in host style") {
    const auto location = parse_location("s3://my-bucket/a/b/?region=eu-central-1").value();
    CHECK(location.endpoint == "https://s3.eu-central-1.amazonaws.com");
    CHECK(location.region == "eu-central-1");
    CHECK(location.style == Style::host);
    CHECK(location.prefix == "a/b/");
    CHECK(url_of(location, "ab/cd") == "https://my-bucket.s3.eu-central-1.amazonaws.com/a/b/ab/cd");
    CHECK(url_of(location, "") == "https://my-bucket.s3.eu-central-1.amazonaws.com/");
    CHECK(to_string(location) == "s3://my-bucket/a/b at https://s3.eu-central-1.amazonaws.com");
    CHECK(parse_location("s3://my-bucket").value().region == "us-east-1");
}

TEST_CASE("with an endpoint the style is path unless it is said") {
    const auto path = parse_location("s3://bucket?endpoint=http%3A%2F%2F127.0.0.1%3A9000/").value();
    CHECK(path.endpoint == "http://127.0.0.1:9000");
    CHECK(url_of(path, "k") == "http://127.0.0.1:9000/bucket/k");
    CHECK(url_of(path, "") == "http://127.0.0.1:9000/bucket");
    const std::vector<net::Parameter> query{{"uploads", ""}, {"max-keys", "3"}};
    CHECK(url_of(path, "", query) == "http://127.0.0.1:9000/bucket?max-keys=3&uploads=");
    const auto host = parse_location("s3://bucket/p?endpoint=https://store.example&style=host").value();
    CHECK(url_of(host, "k") == "https://bucket.store.example/p/k");
}

TEST_CASE("what is wrong is named, and no secret with it") {
    const auto message = [](const char* text) {
        const auto location = parse_location(text);
        REQUIRE_FALSE(location.has_value());
        CHECK(location.error().code == Code::invalid_argument);
        CHECK(location.error().message.find("hidden") == std::string::npos);
        return location.error().message;
    };
    CHECK(message("http://bucket").find("must be s3://BUCKET") != std::string::npos);
    CHECK(message("s3://") ==
          "lake: bucket is \"\", must be 3 to 63 lower-case letters, digits, dots and hyphens, as in "
          "s3://bucket/prefix");
    for (const char* const bucket : {"s3://UPPER", "s3://ab", "s3://-abc", "s3://a_bc"}) message(bucket);
    CHECK(message("s3://key:hidden@bucket").find("must have none") != std::string::npos);
    CHECK(message("s3://bucket/a//b").find("prefix is \"a//b\"") != std::string::npos);
    CHECK(message("s3://bucket/a/../b").find("without ..") != std::string::npos);
    CHECK(message("s3://bucket/a b").find("prefix") != std::string::npos);
    CHECK(message("s3://bucket?endpoint=ftp://x").find("endpoint is \"ftp://x\"") != std::string::npos);
    message("s3://bucket?endpoint=http://u:hidden@host");
    message("s3://bucket?endpoint=http://host/path");
    message("s3://bucket?endpoint=http://");
    CHECK(message("s3://bucket?style=dns") == "lake: style is \"dns\", must be path or host");
    CHECK(message("s3://bucket?region=").find("region is \"\"") != std::string::npos);
    CHECK(message("s3://bucket?secret=hidden") == "lake: parameter \"secret\" must be endpoint, region or style");
}
