#include "vector/qdrant/location.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace archaeologist::qdrant;

namespace {

std::string refusal(std::string_view url) {
    const auto location = parse_location(url);
    REQUIRE_FALSE(location.has_value());
    CHECK(location.error().code == Code::invalid_argument);
    return location.error().message;
}

}  // namespace

TEST_CASE("a URL names hosts, a prefix, and how collections are made") {
    const auto all = parse_location(
        "qdrant+https://a:7000,b,[::1]/p_1?shards=3&replicas=2&quantization=int8&in_flight=2&search_s=9");
    REQUIRE(all.has_value());
    CHECK(all->servers == std::vector<std::string>{"https://a:7000", "https://b:6333", "https://[::1]:6333"});
    CHECK(all->prefix == "p_1");
    CHECK(all->shards == 3);
    CHECK(all->replicas == 2);
    CHECK(all->in_flight == 2);
    CHECK(all->search_max == std::chrono::seconds(9));
    CHECK(all->quantization == Quantization::int8);
    CHECK(to_string(*all) == "https://a:7000,b:6333,[::1]:6333/p_1");
    const auto least = parse_location("qdrant+http://host");
    REQUIRE(least.has_value());
    CHECK(to_string(*least) == "http://host:6333/archaeologist");
    CHECK(least->shards == 0);
    CHECK(least->quantization == Quantization::none);
}

TEST_CASE("what is no such URL is refused with what it must be, and secrets are not repeated") {
    CHECK(refusal("http://host:6333/p").find("qdrant+http://HOST") != std::string::npos);
    CHECK(refusal("qdrant+ftp://host/p").find("qdrant+http://HOST") != std::string::npos);
    CHECK(refusal("qdrant+http:///p").find("host") != std::string::npos);
    CHECK(refusal("qdrant+http://host/a/b").find("prefix") != std::string::npos);
    CHECK(refusal("qdrant+http://host/p?shards=0").find("1 to 1024") != std::string::npos);
    CHECK(refusal("qdrant+http://host/p?quantization=int4").find("int8 or none") != std::string::npos);
    for (const char* url : {"qdrant+http://me:hunter2@host/p", "qdrant+http://host/p?api_key=hunter2"}) {
        CHECK(refusal(url).find("hunter2") == std::string::npos);
    }
}

TEST_CASE("each model has a collection of its own, whatever its id is made of") {
    const Location location = parse_location("qdrant+http://host/p").value();
    CHECK(collection_name(location, "builtin-hash-1") == "p-builtin-hash-1");
    const std::string one = collection_name(location, "org/model:v1");
    CHECK(one.starts_with("p-org_model_v1-"));
    CHECK(one != collection_name(location, "org/model/v1"));
    CHECK(collection_name(location, std::string(300, 'x')).size() < 255);
}
