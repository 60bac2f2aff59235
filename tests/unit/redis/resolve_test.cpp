#include "redis/resolve.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.hpp"
#include "redis/connection.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

Patience within(std::chrono::milliseconds time) { return {steady_clock::now() + time}; }

// A name server that answers nobody until it is told to; then every name is 127.0.0.1.
struct DeadNameServer {
    struct State {
        std::promise<void> gate;
        std::shared_future<void> opened{gate.get_future()};
        std::atomic<int> asked = 0;
    };
    std::shared_ptr<State> state = std::make_shared<State>();

    [[nodiscard]] LookUp look_up() const {
        return [held = state](const char*, const char* port, const addrinfo* hints, addrinfo** found) {
            ++held->asked;
            held->opened.wait();
            return ::getaddrinfo("127.0.0.1", port, hints, found);
        };
    }
    void wake() const { state->gate.set_value(); }
};

std::string text_of(const Addresses& addresses) {
    REQUIRE(addresses->ai_family == AF_INET);
    char text[INET_ADDRSTRLEN] = {};
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(addresses->ai_addr)->sin_addr, text, sizeof text);
    return text;
}

}  // namespace

TEST_CASE("a name server that does not answer holds a call no longer than its time limit") {
    const DeadNameServer names;
    const auto started = steady_clock::now();
    const auto found = resolve({.host = "a.example", .port = 1}, within(50ms), names.look_up());
    const auto took = steady_clock::now() - started;
    names.wake();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == Code::unavailable);
    CHECK(found.error().message.find("not resolved within") != std::string::npos);
    CHECK(took >= 50ms);
    CHECK(took < 5s);
}

TEST_CASE("a lookup can be interrupted") {
    const DeadNameServer names;
    const Fd wake(::eventfd(1, EFD_CLOEXEC));
    const auto found =
        resolve({.host = "b.example", .port = 1}, {steady_clock::now() + 60s, wake.get()}, names.look_up());
    names.wake();
    CHECK(found.error().code == Code::cancelled);
}

TEST_CASE("all who ask for a name while it is looked up share one lookup, and it serves who comes late") {
    const DeadNameServer names;
    const Endpoint endpoint{.host = "c.example", .port = 7};
    for (int i = 0; i < 20; ++i) {
        REQUIRE_FALSE(resolve(endpoint, within(1ms), names.look_up()).has_value());
    }
    std::thread late([&] { names.wake(); });
    const auto found = resolve(endpoint, within(30s), names.look_up());
    late.join();
    REQUIRE(found.has_value());
    CHECK(text_of(*found) == "127.0.0.1");
    CHECK(names.state->asked <= 2);  // the second, where the first had its answer before the last one asked
}

TEST_CASE("an address needs no lookup") {
    const DeadNameServer names;
    CHECK(text_of(resolve({.host = "127.0.0.1", .port = 5}, within(1ms), names.look_up()).value()) == "127.0.0.1");
    CHECK(resolve({.host = "::1", .port = 5}, within(1ms), names.look_up()).value()->ai_family == AF_INET6);
    CHECK(names.state->asked == 0);
    names.wake();
}

TEST_CASE("a name that nobody has is not found") {
    const LookUp nobody = [](const char*, const char*, const addrinfo*, addrinfo**) { return EAI_NONAME; };
    const auto found = resolve({.host = "d.example", .port = 1}, within(30s), nobody);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == Code::unavailable);
    CHECK(found.error().message.find("host not found") != std::string::npos);
}

TEST_CASE("the host of a connection is looked up, and the message names the server") {
    CHECK(resolve({.host = "localhost", .port = 1}, within(30s)).has_value());
    const Place place{.endpoint = {.host = "nobody.invalid", .port = 9}, .path = {}};
    const auto connection = Connection::open(place, {}, within(30s));
    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error().code == Code::unavailable);
    CHECK(connection.error().message.find("redis nobody.invalid:9: ") == 0);
}
