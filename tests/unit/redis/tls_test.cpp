#include "redis/tls.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "redis/client.hpp"
#include "support/certificates.hpp"
#include "support/redis_calls.hpp"
#include "support/redis_server.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;

namespace {

const Authority& authority() {
    static const Authority one = [] {
        Authority made;
        made.sign("server", "IP:127.0.0.1");
        made.sign("client", "DNS:worker.example");
        return made;
    }();
    return one;
}

// A redis-server that speaks TLS on one port, and plainly on another.
struct TlsServer {
    enum class Clients { any, certified };

    explicit TlsServer(Clients clients = Clients::any, RedisServerOptions options = {})
        : tls_port(low_port()), server(with_tls(std::move(options), tls_port, clients)) {}

    // Of a Cluster's node the bus takes this + 10000.
    [[nodiscard]] static int low_port() {
        int port = free_port();
        while (port > 55'000) port = free_port();
        return port;
    }
    [[nodiscard]] static RedisServerOptions with_tls(RedisServerOptions options, int port, Clients clients) {
        const std::vector<std::string> words{"--tls-port",         std::to_string(port),
                                             "--tls-cert-file",    authority().file("server.pem"),
                                             "--tls-key-file",     authority().file("server.key"),
                                             "--tls-ca-cert-file", authority().file("ca.pem"),
                                             "--tls-auth-clients", clients == Clients::certified ? "yes" : "no"};
        options.arguments.insert(options.arguments.end(), words.begin(), words.end());
        return options;
    }
    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
        return "rediss://" + host + ":" + std::to_string(tls_port);
    }
    [[nodiscard]] static std::string trust() { return "?ca=" + authority().file("ca.pem"); }
    [[nodiscard]] static std::string own() {
        return "&cert=" + authority().file("client.pem") + "&key=" + authority().file("client.key");
    }

    int tls_port;
    RedisServer server;
};

std::unique_ptr<Client> client_of(const std::string& url) {
    ClientOptions options;
    options.retry_max = 500ms;
    return Client::open(parse_url(url).value(), options);
}

Result<Reply> ask(const std::string& url, const std::vector<std::string>& words) {
    return client_of(url)->command({}, words);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("over TLS scripts run, and long words come and go whole") {
    const TlsServer server;
    const auto client = client_of(server.url() + TlsServer::trust());
    CHECK(add_one(*client, "n").value().number() == 1);
    CHECK(add_one(*client, "n").value().number() == 2);
    std::string large;
    for (int i = 0; large.size() < 5'000'000; ++i) large += std::to_string(i);
    REQUIRE(client->command("k", std::vector<std::string>{"SET", "k", large}).has_value());
    CHECK(client->command("k", std::vector<std::string>{"GET", "k"}).value().text() == large);
    CHECK(server.server.run({"STRLEN", "k"}).number() == static_cast<std::int64_t>(large.size()));
}

TEST_CASE("over TLS many threads call at once, and a pop that waits gets what is pushed or is interrupted") {
    const TlsServer server;
    const auto client = client_of(server.url() + TlsServer::trust());
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) static_cast<void>(add_one(*client, "n"));
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(client->command("n", std::vector<std::string>{"GET", "n"}).value().text() == "400");
    server.server.run({"RPUSH", "list", "word"});
    CHECK(client->block_pop("list", 10s).value().list().at(1).text() == "word");
    std::thread interrupter([&] {
        while (server.server.run({"INFO", "clients"}).text().find("blocked_clients:1") == std::string::npos) continue;
        client->interrupt();
    });
    CHECK(client->block_pop("list", 60s).error().code == Code::cancelled);
    interrupter.join();
}

TEST_CASE("over TLS a lost connection is made anew") {
    const TlsServer server;
    const auto client = client_of(server.url() + TlsServer::trust());
    REQUIRE(add_one(*client, "n").has_value());
    server.server.run({"CLIENT", "KILL", "TYPE", "normal"});
    CHECK(add_one(*client, "n").value().number() == 2);
}

TEST_CASE("a server whose certificate nobody trusts is refused, and one that is for another name") {
    const TlsServer server;
    const auto untrusted = ask(server.url(), {"PING"});
    REQUIRE_FALSE(untrusted.has_value());
    CHECK(untrusted.error().code == Code::permission_denied);
    CHECK(has(untrusted.error().message, "certificate is not trusted"));
    const auto misnamed = ask(server.url("localhost") + TlsServer::trust(), {"PING"});
    REQUIRE_FALSE(misnamed.has_value());
    CHECK(misnamed.error().code == Code::permission_denied);
    CHECK(has(misnamed.error().message, "mismatch"));
    CHECK(server.server.run({"INFO", "clients"}).text().find("connected_clients:1") != std::string::npos);
}

TEST_CASE("a server that asks for a certificate gets ours, and refuses who has none") {
    const TlsServer server(TlsServer::Clients::certified);
    CHECK(ask(server.url() + TlsServer::trust() + TlsServer::own(), {"PING"}).value().text() == "PONG");
    const auto refused = ask(server.url() + TlsServer::trust(), {"PING"});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::permission_denied);
    CHECK(has(refused.error().message, "refuses our certificate"));
}

TEST_CASE("TLS with a server that speaks none, or files that are none, says so") {
    const TlsServer server;
    const auto plain = ask("rediss://127.0.0.1:" + std::to_string(server.server.port()), {"PING"});
    REQUIRE_FALSE(plain.has_value());
    CHECK(plain.error().code == Code::unavailable);
    CHECK(has(plain.error().message, "TLS: "));
    const auto missing = ask(server.url() + "?ca=/nowhere/ca.pem", {"PING"});
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code == Code::invalid_argument);
    CHECK(has(missing.error().message, "/nowhere/ca.pem"));
    const auto odd = ask(server.url() + TlsServer::trust() + "&cert=" + authority().file("client.pem") +
                             "&key=" + authority().file("server.key"),
                         {"PING"});
    REQUIRE_FALSE(odd.has_value());
    CHECK(odd.error().code == Code::invalid_argument);
    CHECK(has(odd.error().message, "must be the certificate's private key"));
}

TEST_CASE("a Cluster's nodes and a sentinel's primary are reached over TLS as well") {
    const TlsServer node(TlsServer::Clients::any, {.arguments = {"--cluster-enabled", "yes", "--tls-cluster", "yes"}});
    node.server.run({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
    REQUIRE(eventually([&] {
        return node.server.run({"CLUSTER", "INFO"}).text().find("cluster_state:ok") != std::string::npos;
    }));
    const std::string port = std::to_string(node.tls_port);
    CHECK(add_one(*client_of("rediss+cluster://127.0.0.1:" + port + TlsServer::trust()), "n").value().number() == 1);

    const TlsServer primary;
    const std::string monitored = "sentinel monitor main 127.0.0.1 " + std::to_string(primary.tls_port) + " 1\n";
    const TlsServer sentinel(
        TlsServer::Clients::any,
        {.arguments = {"--tls-replication", "yes"}, .is_sentinel = true, .sentinel_config = monitored});
    const std::string place = "127.0.0.1:" + std::to_string(sentinel.tls_port) + "/main";
    const auto client = client_of("rediss+sentinel://" + place + TlsServer::trust());
    CHECK(add_one(*client, "n").value().number() == 1);
    CHECK(primary.server.run({"GET", "n"}).text() == "1");
}
