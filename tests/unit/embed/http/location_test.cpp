#include "embed/http/location.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using embed::Api;
using embed::parse_location;

TEST_CASE("an embedder's URL says where it is and what is asked of it") {
    const auto location = parse_location(
                              "https://host:8443/v1/?model=BAAI%2Fbge-m3&api=openai&dimensions=256&query_prefix=a%3A%20"
                              "&document_prefix=&max_tokens=500&batch_texts=7&batch_tokens=9000&in_flight=2&size=256")
                              .value();
    CHECK(location.base == "https://host:8443/v1");
    CHECK(location.api == Api::openai);
    CHECK(location.model == "BAAI/bge-m3");
    CHECK(location.dimensions == 256);
    CHECK(location.size == 256);
    CHECK(location.query_prefix == "a: ");
    CHECK(location.document_prefix == "");
    CHECK(location.max_tokens == 500);
    CHECK(location.batch_texts == 7);
    CHECK(location.batch_tokens == 9'000);
    CHECK(location.in_flight == 2);
    CHECK(parse_location(to_url(location)).value() == location);
    CHECK(to_string(location) == "BAAI/bge-m3 at https://host:8443/v1");
}

TEST_CASE("what a URL leaves open stays open, and is not written") {
    const auto location = parse_location("http://host").value();
    CHECK_FALSE(location.api);
    CHECK_FALSE(location.query_prefix);
    CHECK(to_url(location) == "http://host");
}
