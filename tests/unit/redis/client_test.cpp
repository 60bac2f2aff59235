#include "redis/client.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "support/redis_server.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr Script add{"test/add", "return redis.call('INCRBY', KEYS[1], ARGV[1])"};
constexpr Script refuse{"test/refuse", "return redis.error_reply('INCOMPATIBLE written by version ' .. ARGV[1])"};
constexpr Script broken{"test/broken", "return redis.call('LPUSH', KEYS[1], 'x')"};
constexpr Script shapes{"test/shapes", "return {1, 'two', false, {3, {4}}, redis.status_reply('FINE')}"};

std::unique_ptr<Client> open(const std::string& url, ClientOptions options = {}) {
    return Client::open(parse_url(url).value(), options);
}

ScriptCall adding(const std::string& key, int number = 1) {
    return {.script = &add, .keys = {key}, .arguments = {std::to_string(number)}};
}

Result<Reply> command(Client& client, const std::vector<std::string>& words) { return client.command({}, words); }

struct Failure {
    Code code;
    std::string message;
};
template <class T>
Failure failure_of(const Result<T>& result) {
    REQUIRE_FALSE(result.has_value());
    return {result.error().code, result.error().message};
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a script runs over TCP and over a unix socket, and replies keep their shapes") {
    const RedisServer server({.has_socket = true});
    for (const std::string& url : {server.url(), server.socket_url(), server.socket_url() + "?db=3"}) {
        CAPTURE(url);
        const auto client = open(url);
        CHECK(client->run(adding("n", 5)).value().number() == 5);
        CHECK(client->run(adding("n", 5)).value().number() == 10);
        CHECK(command(*client, {"DEL", "n"}).value().number() == 1);

        const Reply reply = client->run({.script = &shapes, .keys = {}, .arguments = {}}).value();
        REQUIRE(reply.list().size() == 5);
        CHECK(reply.list()[0].number() == 1);
        CHECK(reply.list()[1].text() == "two");
        CHECK(reply.list()[2].is_nil());
        CHECK(reply.list()[3].list()[1].list()[0].number() == 4);
        CHECK(reply.list()[4].text() == "FINE");
        CHECK(reply.number() == 0);
    }
}

TEST_CASE("keys and arguments are bytes, whatever they are") {
    const RedisServer server;
    const auto client = open(server.url());
    const std::string bytes("\0\r\n$3\xff", 7);
    const std::string large(3'000'000, 'x');
    REQUIRE(command(*client, {"SET", bytes, large}).has_value());
    CHECK(command(*client, {"GET", bytes}).value().text() == large);
    CHECK(command(*client, {"SET", "k", ""}).value().text() == "OK");
    const Reply empty = command(*client, {"GET", "k"}).value();
    CHECK(empty.text().empty());
    CHECK_FALSE(empty.is_nil());
}

TEST_CASE("a script that the server forgot is loaded again") {
    const RedisServer server;
    const auto client = open(server.url());
    CHECK(client->run(adding("n")).value().number() == 1);
    server.run({"SCRIPT", "FLUSH"});
    CHECK(client->run(adding("n")).value().number() == 2);
}

TEST_CASE("a script's error with one of our codes becomes that code, every other one is internal") {
    const RedisServer server;
    const auto client = open(server.url());
    const auto refused = failure_of(client->run({.script = &refuse, .keys = {"k"}, .arguments = {"7"}}));
    CHECK(refused.code == Code::incompatible);
    CHECK(refused.message == "written by version 7");

    REQUIRE(client->run(adding("n")).has_value());
    const auto wrong = failure_of(client->run({.script = &broken, .keys = {"n"}, .arguments = {}}));
    CHECK(wrong.code == Code::internal);
    CHECK(has(wrong.message, "WRONGTYPE"));
}

TEST_CASE("interrupt ends the pops that wait, within milliseconds, and none that come later") {
    const RedisServer server;
    const auto client = open(server.url());
    std::atomic<int> cancelled = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            const auto popped = client->block_pop("nothing", 60s);
            cancelled += !popped && popped.error().code == Code::cancelled ? 1 : 0;
        });
    }
    REQUIRE(eventually([&] { return has(server.run({"INFO", "clients"}).text(), "blocked_clients:4"); }));
    const auto asked_at = steady_clock::now();
    client->interrupt();
    for (std::thread& thread : threads) thread.join();
    CHECK(steady_clock::now() - asked_at < 1s);
    CHECK(cancelled == 4);

    CHECK(client->block_pop("nothing", 10ms).value().is_nil());
    server.run({"RPUSH", "list", "a"});
    const Reply popped = client->block_pop("list", 10s).value();
    REQUIRE(popped.list().size() == 2);
    CHECK(popped.list()[1].text() == "a");
}
