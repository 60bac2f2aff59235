#include "net/url.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace archaeologist::net;

TEST_CASE("all but letters, digits and four signs are percent-encoded") {
    CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encoded("a/b c+d=é%") == "a%2Fb%20c%2Bd%3D%C3%A9%25");
    CHECK(percent_encoded_path("a/b c") == "a/b%20c");
    CHECK(percent_encoded(std::string_view("\0", 1)) == "%00");
}

TEST_CASE("a query is sorted by name, then value") {
    CHECK(sorted_query({}).empty());
    const std::vector<Parameter> parameters{
        {"uploadId", "a/b"}, {"partNumber", "2"}, {"uploads", ""}, {"partNumber", "1"}};
    CHECK(sorted_query(parameters) == "partNumber=1&partNumber=2&uploadId=a%2Fb&uploads=");
}

TEST_CASE("a URL is shown without user, query and fragment") {
    CHECK(shown_url("http://host:1/a?b=c#d") == "http://host:1/a");
    CHECK(shown_url("https://user:secret@host/a@b") == "https://host/a@b");
    CHECK(shown_url("https://user:p@ss@host") == "https://host");
    CHECK(shown_url("http://host?x@y") == "http://host");
    CHECK(shown_url("nothing") == "nothing");
}
