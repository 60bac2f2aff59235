#include "redis/client.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "support/redis_calls.hpp"
#include "support/redis_server.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr Script refuse{"test/refuse", "return redis.error_reply('INCOMPATIBLE written by version ' .. ARGV[1])"};
constexpr Script broken{"test/broken", "return redis.call('LPUSH', KEYS[1], 'x')"};
constexpr Script shapes{"test/shapes", "return {1, 'two', false, {3, {4}}, redis.status_reply('FINE')}"};

Result<Reply> command(Client& client, const std::vector<std::string>& words) { return client.command({}, words); }

// "redis://USER:PASSWORD@127.0.0.1:PORT"
std::string with_login(const RedisServer& server, const std::string& login) {
    return "redis://" + login + "@127.0.0.1:" + std::to_string(server.port());
}

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
    const std::string bytes("\0\r\n$3\xff", 6);
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
    threads.reserve(4);
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

TEST_CASE("a wrong password, a missing one and a missing right are permission_denied, at once") {
    const RedisServer server({.arguments = {"--requirepass", "secret"}, .password = "secret"});
    server.run({"ACL", "SETUSER", "reader", "on", ">word", "~*", "+get", "+script|load", "+evalsha"});
    CHECK(command(*open(with_login(server, ":secret")), {"SET", "k", "1"}).has_value());

    const auto started = steady_clock::now();
    const auto wrong = failure_of(command(*open(with_login(server, ":other")), {"GET", "k"}));
    CHECK(wrong.code == Code::permission_denied);
    CHECK(has(wrong.message, "WRONGPASS"));
    CHECK_FALSE(has(wrong.message, "other"));
    CHECK(failure_of(command(*open(server.url()), {"GET", "k"})).code == Code::permission_denied);

    const auto reader = open(with_login(server, "reader:word"));
    CHECK(command(*reader, {"GET", "k"}).value().text() == "1");
    const auto refused = failure_of(command(*reader, {"SET", "k", "2"}));
    CHECK(refused.code == Code::permission_denied);
    CHECK(has(refused.message, "NOPERM"));
    CHECK(failure_of(reader->run(adding("k"))).code == Code::permission_denied);
    CHECK(steady_clock::now() - started < 5s);
}

TEST_CASE("a password for a server that knows none is permission_denied") {
    const RedisServer server;
    CHECK(failure_of(command(*open(with_login(server, ":secret")), {"GET", "k"})).code == Code::permission_denied);
}

TEST_CASE("a database that the server does not have is invalid") {
    const RedisServer server;
    const auto wrong = failure_of(command(*open(server.url() + "/99"), {"GET", "k"}));
    CHECK(wrong.code == Code::invalid_argument);
    CHECK(has(wrong.message, "database 99"));
}

TEST_CASE("a full server is storage_full, in scripts too") {
    const RedisServer server({.arguments = {"--maxmemory", "1"}});
    const auto client = open(server.url());
    const auto direct = failure_of(command(*client, {"SET", "k", "1"}));
    CHECK(direct.code == Code::storage_full);
    CHECK(has(direct.message, "Redis is full: "));
    CHECK(failure_of(client->run(adding("n"))).code == Code::storage_full);
}

TEST_CASE("no call is lost when the server is killed and comes back while eight threads call it") {
    RedisServer server({.arguments = {"--appendonly", "yes", "--appendfsync", "always"}});
    const auto client = open(server.url(), {.retry_max = 30s});
    std::atomic<int> done = 0;
    std::atomic<int> failed = 0;
    std::atomic<bool> stops = false;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, key = "n" + std::to_string(i)] {
            int calls = 0;
            while (!stops) {
                ++calls;
                const auto sum = client->run(adding(key));
                // A lost answer does not tell whether it had its effect, so more is right and less is wrong.
                failed += !sum || sum->number() < calls ? 1 : 0;
                ++done;
            }
        });
    }
    for (int kills = 0; kills < 3; ++kills) {
        const int before = done;
        CHECK(eventually([&] { return done > before + 100; }));
        server.restart();
    }
    const int before = done;
    CHECK(eventually([&] { return done > before + 100; }));
    stops = true;
    for (std::thread& thread : threads) thread.join();
    CHECK(failed == 0);
}

TEST_CASE("a server that loads its data is waited for") {
    RedisServer server({.arguments = {"--loading-process-events-interval-bytes", "1024", "--key-load-delay", "500"}});
    server.run({"DEBUG", "POPULATE", "2000"});
    server.run({"SET", "key0", "x"});
    REQUIRE(server.run({"SAVE"}).text() == "OK");
    server.restart(RedisServer::Await::nothing);
    REQUIRE(eventually([&] { return has(server.run({"GET", "key0"}).text(), "LOADING"); }));
    const auto hasty = failure_of(command(*open(server.url(), {.retry_max = 0ms}), {"GET", "key0"}));
    CHECK(hasty.code == Code::unavailable);
    CHECK(has(hasty.message, "LOADING"));
    CHECK(command(*open(server.url()), {"GET", "key0"}).value().text() == "x");
}

TEST_CASE("a replica that becomes the primary is waited for") {
    const RedisServer primary;
    const RedisServer replica({.arguments = {"--replicaof", "127.0.0.1 " + std::to_string(primary.port())}});
    const auto client = open(replica.url(), {.retry_max = 30s});
    const auto hasty = failure_of(open(replica.url(), {.retry_max = 0ms})->run(adding("n")));
    CHECK(hasty.code == Code::unavailable);
    std::atomic<bool> is_done = false;
    Result<Reply> sum = Reply{};
    std::thread caller([&] {
        sum = client->run(adding("n"));
        is_done = true;
    });
    REQUIRE(eventually([&] { return has(replica.run({"INFO", "errorstats"}).text(), "errorstat_READONLY:count=2"); }));
    CHECK_FALSE(is_done);
    replica.run({"REPLICAOF", "NO", "ONE"});
    caller.join();
    CHECK(sum.value().number() == 1);
}

TEST_CASE("where nobody listens, or nobody answers, a call ends in time") {
    const ClientOptions options{.connect_max = 200ms, .command_max = 200ms, .retry_max = 600ms};
    const auto refused_at = steady_clock::now();
    const auto refused = failure_of(command(*open("redis://127.0.0.1:1", options), {"PING"}));
    CHECK(refused.code == Code::unavailable);
    CHECK(has(refused.message, "127.0.0.1:1"));
    CHECK(has(refused.message, "refused"));
    CHECK(steady_clock::now() - refused_at >= 600ms);
    CHECK(steady_clock::now() - refused_at < 5s);

    // A listener whose queue is full answers no SYN: a black hole without leaving the machine.
    const Fd hole(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(hole.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(hole.get(), 0) == 0);
    REQUIRE(::getsockname(hole.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    std::vector<Fd> fillers;
    for (int i = 0; i < 8; ++i) {
        fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        static_cast<void>(::connect(fillers.back().get(), reinterpret_cast<sockaddr*>(&address), size));
    }
    const auto swallowed_at = steady_clock::now();
    const std::string url = "redis://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    const auto swallowed = failure_of(command(*open(url, options), {"PING"}));
    CHECK(swallowed.code == Code::unavailable);
    CHECK(has(swallowed.message, "cannot connect: no answer"));
    CHECK(steady_clock::now() - swallowed_at < 5s);
}

TEST_CASE("a server that is stopped fails calls in time, and serves them when it goes on") {
    const RedisServer server;
    const auto client = open(server.url(), {.command_max = 200ms, .retry_max = 600ms});
    REQUIRE(client->run(adding("n")).has_value());
    server.stop();
    const auto started = steady_clock::now();
    const auto silent = failure_of(client->run(adding("n")));
    CHECK(silent.code == Code::unavailable);
    CHECK(has(silent.message, "no answer within"));
    CHECK(steady_clock::now() - started < 5s);
    server.resume();
    CHECK(eventually([&] { return client->run(adding("n")).has_value(); }));
}

TEST_CASE("interrupt ends a pop that looks for a server") {
    const auto client = open("redis://127.0.0.1:1", {.retry_max = 60s, .backoff_base = 60s, .backoff_cap = 60s});
    std::atomic<bool> has_ended = false;
    Result<Reply> popped = Reply{};
    std::thread waiter([&] {
        popped = client->block_pop("list", 60s);
        has_ended = true;
    });
    CHECK(eventually([&] {
        client->interrupt();
        return has_ended.load();
    }));
    waiter.join();
    CHECK(failure_of(popped).code == Code::cancelled);
}

TEST_CASE("calls wait for a connection when all are in use") {
    const RedisServer server;
    const auto client = open(server.url(), {.connections_max = 2});
    std::vector<std::thread> threads;
    std::atomic<int> failed = 0;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 50; ++n) failed += client->run(adding("n")) ? 0 : 1;
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failed == 0);
    CHECK(command(*client, {"GET", "n"}).value().text() == "400");
    const std::string clients = command(*client, {"CLIENT", "LIST"}).value().text();
    std::size_t ours = 0;
    for (std::size_t at = 0; (at = clients.find("name=archaeologist", at)) != std::string::npos; ++at) ++ours;
    CHECK(ours == 2);
}
