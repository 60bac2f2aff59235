#include "host/http/listener.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace archaeologist::host;

TEST_CASE("port 0 is any free port, and is told") {
    const auto listener = Listener::open("127.0.0.1", 0);
    REQUIRE(listener);
    CHECK(listener->port() > 0);
    CHECK(listener->accept().fd == -1);
}

TEST_CASE("a port in use is a conflict until it is given back") {
    auto first = Listener::open("127.0.0.1", 0).value();
    const auto port = first.port();
    const auto second = Listener::open("127.0.0.1", port);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::conflict);
    CHECK(second.error().message.find(std::to_string(port)) != std::string::npos);
    first.close();
    CHECK(Listener::open("127.0.0.1", port));
}

TEST_CASE("a listener that was moved from holds nothing") {
    auto first = Listener::open("127.0.0.1", 0).value();
    const Listener second(std::move(first));
    CHECK(first.fd() == -1);  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
    CHECK(second.fd() >= 0);
    CHECK(second.port() > 0);
}

TEST_CASE("what is no address of this machine is refused") {
    const auto foreign = Listener::open("192.0.2.1", 0);  // reserved for documentation
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code == Code::invalid_argument);
    CHECK_FALSE(Listener::open("no address", 0));
}

TEST_CASE("only loopback addresses are this machine alone") {
    for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) CHECK(is_loopback(address));
    for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "10.0.0.1", "", "no address"}) {
        CAPTURE(address);
        CHECK_FALSE(is_loopback(address));
    }
}
