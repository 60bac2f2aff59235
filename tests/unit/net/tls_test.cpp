#include <doctest/doctest.h>

#include "net/client.hpp"
#include "support/python_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::net;
using namespace std::chrono_literals;

namespace {

Result<Response> get(const std::string& url, std::string ca_file) {
    ClientOptions options;
    options.retry.base = 1ms;
    options.ca_file = std::move(ca_file);
    return Client::open(options).value()->send({.url = url, .endpoint = "test"});
}

}  // namespace

TEST_CASE("over TLS a server is talked to whose certificate the named authorities signed, for its name; no other") {
    const TemporaryFolder folder;
    const PythonServer server("tls_server.py", {folder.path()});
    const std::string port = std::to_string(server.port());
    const auto reply = get("https://localhost:" + port + "/", folder.path("certificate.pem"));
    REQUIRE(reply.has_value());
    CHECK(reply->body == "over TLS");

    const auto unknown = get("https://localhost:" + port + "/", {});
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == Code::unavailable);
    CHECK(unknown.error().message.find("certificate") != std::string::npos);
    CHECK(unknown.error().message.find("attempts") == std::string::npos);

    const auto other_name = get("https://127.0.0.1:" + port + "/", folder.path("certificate.pem"));
    REQUIRE_FALSE(other_name.has_value());
    CHECK(other_name.error().code == Code::unavailable);
    ClientOptions options;
    options.ca_file = folder.path("missing.pem");
    const auto refused = Client::open(options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::invalid_argument);
    CHECK(refused.error().message.find("missing.pem") != std::string::npos);
}
