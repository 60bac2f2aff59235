#include "net/url.hpp"

#include <doctest/doctest.h>

#include <string>
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

TEST_CASE("a percent sign without two digits behind it stands for itself") {
    CHECK(percent_decoded("a%2Fb%c3%A9") == "a/b\xC3\xA9");
    CHECK(percent_decoded("100%") == "100%");
    CHECK(percent_decoded("%2") == "%2");
    CHECK(percent_decoded("%zz%20") == "%zz ");
    CHECK(percent_decoded("%00") == std::string(1, '\0'));
}

TEST_CASE("a query gives its parameters in their order") {
    CHECK(parse_query("").empty());
    const auto parameters = parse_query("b=%2F&a&c=d=e&&b=2");
    REQUIRE(parameters.size() == 5);
    CHECK(parameters[0].name == "b");
    CHECK(parameters[0].value == "/");
    CHECK(parameters[1].name == "a");
    CHECK(parameters[1].value.empty());
    CHECK(parameters[2].value == "d=e");
    CHECK(parameters[3].name.empty());
    CHECK(parameters[4].value == "2");
}

TEST_CASE("a URL is shown without user, query and fragment") {
    CHECK(shown_url("http://host:1/a?b=c#d") == "http://host:1/a");
    CHECK(shown_url("https://user:secret@host/a@b") == "https://host/a@b");
    CHECK(shown_url("https://user:p@ss@host") == "https://host");
    CHECK(shown_url("http://host?x@y") == "http://host");
    CHECK(shown_url("nothing") == "nothing");
}
