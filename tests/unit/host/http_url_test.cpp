#include "host/http_url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

HttpUrl url_of(std::string_view text) {
    const auto url = parse_http_url(text);
    REQUIRE_MESSAGE(url, text);
    return *url;
}

std::string refusal_of(std::string_view text) {
    const auto url = parse_http_url(text);
    REQUIRE_MESSAGE(!url, text);
    CHECK(url.error().code == Code::invalid_argument);
    return url.error().message;
}

}  // namespace

TEST_CASE("a server's URL has a scheme, a host, and what it implies") {
    const auto plain = url_of("http://localhost:8080");
    CHECK(plain.scheme == HttpUrl::Scheme::http);
    CHECK(plain.host == "localhost");
    CHECK(plain.port == 8080);
    CHECK(plain.base_path.empty());
    const auto secure = url_of("https://search.example.org/a/b//");
    CHECK(secure.scheme == HttpUrl::Scheme::https);
    CHECK(secure.port == 443);
    CHECK(secure.base_path == "/a/b");
    CHECK(url_of("http://[::1]:81/").host == "::1");
    CHECK(url_of("http://10.0.0.1").port == 80);
}

TEST_CASE("a URL's text is as short as it can be and leads to the same place") {
    for (const char* const text :
         {"http://localhost:8080", "https://a.b/c", "http://[::1]", "http://[fe80::1]:8080/x", "https://a:80"}) {
        CHECK(url_of(text).text() == text);
    }
    CHECK(url_of("https://a:443/").text() == "https://a");
}

TEST_CASE("a URL that is none is refused with its rule") {
    CHECK(refusal_of("localhost:8080") == "server URL \"localhost:8080\" must begin with http:// or https://");
    CHECK(refusal_of("ftp://a").find("must begin with") != std::string::npos);
    CHECK(refusal_of("http://").find("must name a host") != std::string::npos);
    CHECK(refusal_of("http://:80").find("must name a host") != std::string::npos);
    CHECK(refusal_of("http://a:").find("port after its colon") != std::string::npos);
    for (const char* const text : {"http://a:0", "http://a:65536", "http://a:8o", "http://a:-1", "http://a:1:2"}) {
        CHECK(refusal_of(text).find("port of 1 to 65535") != std::string::npos);
    }
    CHECK(refusal_of("http://[::1").find("close its [") != std::string::npos);
    CHECK(refusal_of("http://[a.b]").find("IPv6 address") != std::string::npos);
    CHECK(refusal_of("http://[::1]80").find(":PORT") != std::string::npos);
    CHECK(refusal_of("http://a b").find("visible ASCII") != std::string::npos);
    CHECK(refusal_of("http://a\r\nX: 1").find("visible ASCII") != std::string::npos);
    CHECK(refusal_of("http://a,b").find("must name its host") != std::string::npos);
    CHECK(refusal_of("http://a/" + std::string(3'000, 'x')).size() < 3'000);
}

TEST_CASE("what may be a password is never shown") {
    for (const char* const text : {"http://me:secret@host", "http://secret@host/", "http://host/?key=secret",
                                   "http://host/#secret", "me:secret@host", "http://me:secret@host?x"}) {
        CHECK(refusal_of(text).find("secret") == std::string::npos);
        CHECK(refusal_of(text).find("host") != std::string::npos);
    }
}

TEST_CASE("every byte that means something in a URL is encoded") {
    CHECK(percent_encoded("a-b_c.d~1") == "a-b_c.d~1");
    CHECK(percent_encoded("a/b c%?#&+=") == "a%2Fb%20c%25%3F%23%26%2B%3D");
    CHECK(percent_encoded("src/ü.txt", Slashes::kept) == "src/%C3%BC.txt");
    CHECK(percent_encoded(std::string_view("\0\xFF", 2)) == "%00%FF");
}

TEST_CASE("a query names its values in their order, and may repeat a name") {
    HttpQuery query;
    CHECK(query.text().empty());
    query.add("q", "a&b").add("lang", "c++").add("lang", "c").add("page", std::uint64_t{2}).add_if_any("path", "");
    CHECK(query.text() == "?q=a%26b&lang=c%2B%2B&lang=c&page=2");
}
