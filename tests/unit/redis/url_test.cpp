#include "redis/url.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace archaeologist;
using namespace archaeologist::redis;

namespace {

Error error_of(std::string_view text) {
    const auto url = parse_url(text);
    REQUIRE_FALSE(url.has_value());
    return url.error();
}

}  // namespace

TEST_CASE("a server's URL has defaults for everything but the host") {
    const Url plain = parse_url("redis://db").value();
    CHECK(plain.topology == Topology::single);
    REQUIRE(plain.endpoints.size() == 1);
    CHECK(plain.endpoints[0].host == "db");
    CHECK(plain.endpoints[0].port == 6379);
    CHECK(plain.database == 0);
    CHECK(plain.user.empty());
    CHECK(plain.password.empty());

    const Url full = parse_url("redis://me:secret@db.example:7000/12").value();
    CHECK(full.endpoints[0].host == "db.example");
    CHECK(full.endpoints[0].port == 7000);
    CHECK(full.database == 12);
    CHECK(full.user == "me");
    CHECK(full.password == "secret");
    CHECK(parse_url("redis://:secret@db/").value().user.empty());
}

TEST_CASE("user, password and name are percent-decoded") {
    const Url url = parse_url("redis+sentinel://a%40b:p%2Fw%3a%25@one/my%20master").value();
    CHECK(url.user == "a@b");
    CHECK(url.password == "p/w:%");
    CHECK(url.name == "my master");
    CHECK(parse_url("redis://u:p@ss:word@h").value().password == "p@ss:word");
}

TEST_CASE("an IPv6 address stands in brackets") {
    const Url url = parse_url("redis://[::1]:7000/1").value();
    CHECK(url.endpoints[0].host == "::1");
    CHECK(url.endpoints[0].port == 7000);
    CHECK(to_string(url) == "redis://[::1]:7000/1");
    CHECK(parse_url("redis://[fe80::1]").value().endpoints[0].port == 6379);
    CHECK(error_of("redis://::1").message.find("[ ]") != std::string::npos);
    CHECK(error_of("redis://[::1").message.find("end with ]") != std::string::npos);
}

TEST_CASE("sentinels have a port of their own, a name and maybe a database") {
    const Url url = parse_url("redis+sentinel://u:p@a,b:1,[::2]/main/3").value();
    CHECK(url.topology == Topology::sentinel);
    REQUIRE(url.endpoints.size() == 3);
    CHECK(url.endpoints[0].port == 26379);
    CHECK(url.endpoints[1].port == 1);
    CHECK(url.endpoints[2].host == "::2");
    CHECK(url.name == "main");
    CHECK(url.database == 3);
    CHECK(error_of("redis+sentinel://a,b").message.find("name") != std::string::npos);
}

TEST_CASE("a Cluster has several nodes and no database") {
    const Url url = parse_url("redis+cluster://a,b:7001").value();
    CHECK(url.topology == Topology::cluster);
    CHECK(url.endpoints[0].port == 6379);
    CHECK(url.endpoints[1].port == 7001);
    CHECK(error_of("redis+cluster://a,b/1").message.find("databases") != std::string::npos);
}

TEST_CASE("a socket's path is absolute; database and login stand behind ?") {
    const Url url = parse_url("unix:/run/redis.sock?db=2&user=me&password=a%26b").value();
    CHECK(url.topology == Topology::unix_socket);
    CHECK(url.path == "/run/redis.sock");
    CHECK(url.database == 2);
    CHECK(url.user == "me");
    CHECK(url.password == "a&b");
    CHECK(parse_url("unix:///run/redis.sock").value().path == "/run/redis.sock");
    CHECK(error_of("unix:redis.sock").code == Code::invalid_argument);
    CHECK(error_of("unix:/a?database=1").message.find("db=N") != std::string::npos);
}

TEST_CASE("what is no URL is refused with the rule it breaks") {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"", "must begin with"},
        {"http://db", "must begin with"},
        {"redis:db", "must begin with"},
        {"redis://", "host is missing"},
        {"redis://:7000", "host is missing"},
        {"redis://a,b", "takes one host"},
        {"redis+cluster://a,,b", "host is missing"},
        {"redis://db:0", "1 to 65535"},
        {"redis://db:65536", "1 to 65535"},
        {"redis://db:12x", "1 to 65535"},
        {"redis://db:", "1 to 65535"},
        {"redis://db/-1", "0 to 65535"},
        {"redis://db/one", "0 to 65535"},
        {"redis://db?x=1", "? or #"},
        {"redis://d b", "spaces"},
        {"redis://me@db", "user:password"},
        {"redis://me:@db", "empty"},
        {"redis://me:%4@db", "hexadecimal"},
        {"redis://me:%zz@db", "hexadecimal"},
    };
    for (const auto& one : wrong) {
        const std::string& text = one.first;
        const std::string& rule = one.second;
        CAPTURE(text);
        const Error error = error_of(text);
        CHECK(error.code == Code::invalid_argument);
        CHECK(error.message.find(rule) != std::string::npos);
    }
}

TEST_CASE("no message and no shown URL holds the password, however broken the URL is") {
    for (const char* text :
         {"redis://me:s3cret@db:x", "redis://me:s3cret/@db", "redis://me:s3cret@", "redis://s3cret@db", "me:s3cret@db",
          "s3cret@db", "redis:me:s3cret@db", "redis://me:s3cret@a@b:0", "redis://me:s3cret%@db",
          "unix:/a?password=s3cret&x=1", "unix:a?password=s3cret", "rediss://me:s3cret@db?x=1",
          "rediss://me:s3?cret@db", "redis://me:s3cret@db#x", "http://me:s3cret@db", "redis://me:s3cret",
          "redis://db/0?password=s3cret", "redis://me:s3?cret@db"}) {
        CAPTURE(text);
        const Error error = error_of(text);
        CHECK(error.message.find("s3") == std::string::npos);
        CHECK(error.message.find("cret") == std::string::npos);
    }
    CHECK(to_string(parse_url("redis://m%40e:s3cret@db/2").value()) == "redis://m%40e:***@db:6379/2");
    CHECK(to_string(parse_url("unix:/a?password=s3cret&db=1").value()) == "unix:/a?db=1&password=***");
    CHECK(to_string(parse_url("redis+sentinel://:s3cret@a,b/m").value()) == "redis+sentinel://:***@a:26379,b:26379/m");
}

TEST_CASE("rediss is redis over TLS, and names its files") {
    CHECK_FALSE(parse_url("redis://db").value().tls.has_value());
    const Url plain = parse_url("rediss://me:secret@db:7000/3").value();
    REQUIRE(plain.tls.has_value());
    CHECK(plain.tls->ca.empty());
    CHECK(plain.topology == Topology::single);
    CHECK(plain.database == 3);
    const std::string text = "rediss+sentinel://:s3cret@a:1,b:2/main?ca=/etc/my%20ca.pem&cert=/c.pem&key=/k.pem";
    const Url full = parse_url(text).value();
    CHECK(full.topology == Topology::sentinel);
    CHECK(full.name == "main");
    CHECK(full.tls->ca == "/etc/my ca.pem");
    CHECK(full.tls->cert == "/c.pem");
    CHECK(full.tls->key == "/k.pem");
    CHECK(to_string(full) == "rediss+sentinel://:***@a:1,b:2/main?ca=%2Fetc%2Fmy%20ca.pem&cert=%2Fc.pem&key=%2Fk.pem");
    CHECK(parse_url("rediss+cluster://a,b").value().topology == Topology::cluster);
    CHECK(error_of("rediss://db?verify=no").message.find("ca=FILE") != std::string::npos);
    CHECK(error_of("rediss://db?ca=").message.find("ca=FILE") != std::string::npos);
    CHECK(error_of("rediss://db?cert=/c").message.find("needs key=") != std::string::npos);
    CHECK(error_of("redis://db?ca=/c").message.find("? or #") != std::string::npos);
}
