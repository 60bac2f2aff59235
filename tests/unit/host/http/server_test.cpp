#include "host/http/server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

using namespace archaeologist;
using namespace archaeologist::host;

// What needs many clients, slow ones or signals is in tests/integration.
namespace {

class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    ~Client() { ::close(socket_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(const std::string& bytes) const {
        REQUIRE(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    }
    // Up to and with `end`, or all until the server closes.
    [[nodiscard]] std::string read_to(const std::string& end) {
        while (end.empty() || got_.find(end) == std::string::npos) {
            std::string buffer(4'096, '\0');
            const auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
            if (size <= 0) return std::exchange(got_, {});
            got_.append(buffer, 0, static_cast<std::size_t>(size));
        }
        const auto size = got_.find(end) + end.size();
        std::string text = got_.substr(0, size);
        got_.erase(0, size);
        return text;
    }
    [[nodiscard]] std::string read_all() { return read_to(""); }

private:
    int socket_;
    std::string got_;
};

// Says what it got: "<GET /path?q=1 body>".
HttpReply echo(HttpRequest& request) {
    HttpReply reply;
    reply.content_type = "text/plain";
    reply.body = '<' + request.method + ' ' + request.path;
    for (const auto& [name, value] : request.query) reply.body.append("?").append(name).append("=").append(value);
    std::string buffer(100, '\0');
    std::string content;
    for (;;) {
        const auto size = request.body->read(buffer);
        if (!size) content = "!" + size.error().message;
        if (!size || size.value() == 0) break;
        content.append(buffer, 0, size.value());
    }
    reply.body += ' ' + content + '>';
    return reply;
}

std::unique_ptr<HttpServer> serving(HttpHandler handler, const HttpServerOptions& options = {}) {
    auto server = HttpServer::open(options, std::move(handler), {});
    REQUIRE(server);
    server.value()->start();
    return std::move(server).value();
}

std::string request(const std::string& line, const std::string& more = "") {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("requests follow each other on one connection") {
    const auto server = serving(echo);
    Client client(server->port());
    for (int i = 0; i < 20; ++i) {
        const auto path = "/a%20b/" + std::to_string(i);
        client.send(request("GET " + path + "?q=1%2B1"));
        const auto reply = client.read_to(">");
        CHECK(reply.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(holds(reply, "<GET /a b/" + std::to_string(i) + "?q=1+1 >"));
    }
    CHECK(server->counts().connections == 1);
}

TEST_CASE("requests sent ahead are answered in their order") {
    const auto server = serving(echo);
    Client client(server->port());
    client.send(request("GET /1") + request("POST /2", "Content-Length: 3\r\n") + "two" + request("GET /3"));
    CHECK(holds(client.read_to(">"), "<GET /1 >"));
    CHECK(holds(client.read_to(">"), "<POST /2 two>"));
    CHECK(holds(client.read_to(">"), "<GET /3 >"));
}

TEST_CASE("a head and a body may come in any pieces") {
    const auto server = serving(echo);
    Client client(server->port());
    const auto bytes = request("PUT /x", "Content-Length: 5\r\n") + "abcde";
    for (const char byte : bytes) client.send(std::string(1, byte));
    CHECK(holds(client.read_to(">"), "<PUT /x abcde>"));
}

TEST_CASE("a chunked body comes without its chunks") {
    const auto server = serving(echo);
    Client client(server->port());
    client.send(request("POST /x", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n");
    CHECK(holds(client.read_to(">"), "<POST /x abcde>"));
    client.send(request("GET /next"));
    CHECK(holds(client.read_to(">"), "<GET /next >"));
}

TEST_CASE("who asks first is told to send the body") {
    const auto server = serving(echo);
    Client client(server->port());
    client.send(request("PUT /x", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
    CHECK(client.read_to("\r\n\r\n").starts_with("HTTP/1.1 100 Continue\r\n"));
    client.send("ab");
    CHECK(holds(client.read_to(">"), "<PUT /x ab>"));
}

TEST_CASE("Connection: close ends it, and HEAD has no body") {
    const auto server = serving(echo);
    Client client(server->port());
    client.send(request("HEAD /x", "Connection: close\r\n"));
    const auto reply = client.read_all();
    CHECK(reply.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(reply.ends_with("\r\n\r\n"));
}

TEST_CASE("what is no request is refused, and its connection ends") {
    const auto server = serving(echo);
    HttpServerOptions small;
    small.head_bytes_max = 1'024;
    const auto narrow = serving(echo, small);
    const auto answer = [](const HttpServer& to, const std::string& bytes) {
        Client client(to.port());
        client.send(bytes);
        return client.read_all();
    };
    CHECK(holds(answer(*server, "nonsense\r\n\r\n"), " 400 "));
    CHECK(holds(answer(*server, request("POST /x", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "abc"),
                " 400 "));
    CHECK(holds(answer(*server, request("POST /x", "Content-Length: x\r\n")), " 400 "));
    CHECK(holds(answer(*narrow, request("GET /x", "X-Long: " + std::string(2'000, 'x') + "\r\n")), " 431 "));
}

TEST_CASE("requests beyond the number served at once are refused") {
    std::mutex mutex;
    std::condition_variable changed;
    bool has_come = false;
    bool may_go = false;
    HttpServerOptions options;
    options.requests_max = 1;
    const auto server = serving(
        [&](HttpRequest& request) {
            std::unique_lock lock(mutex);
            has_come = true;
            changed.notify_all();
            changed.wait(lock, [&] { return may_go; });
            lock.unlock();
            return echo(request);
        },
        options);
    Client first(server->port());
    first.send(request("GET /first"));
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return has_come; });
    }
    Client second(server->port());
    second.send(request("GET /second"));
    CHECK(holds(second.read_to("\r\n\r\n"), " 503 "));
    CHECK(server->counts().refused == 1);
    {
        const std::lock_guard lock(mutex);
        may_go = true;
    }
    changed.notify_all();
    CHECK(holds(first.read_to(">"), "<GET /first >"));
}

TEST_CASE("a stream is sent as it is written, and ends with the server") {
    const auto server = serving([](HttpRequest&) {
        HttpReply reply;
        reply.content_type = "text/event-stream";
        reply.stream = [](HttpSink& sink) {
            if (!sink.write("data: 1\n\n")) return;
            while (sink.is_open()) std::this_thread::yield();
        };
        return reply;
    });
    Client client(server->port());
    client.send(request("GET /events"));
    CHECK(holds(client.read_to("data: 1\n\n"), " 200 "));
    CHECK(server->counts().streams == 1);
    server->stop(std::chrono::seconds(20));
    (void)client.read_all();
    CHECK(server->counts().streams == 0);
}

TEST_CASE("a port in use is a conflict") {
    const auto server = serving(echo);
    HttpServerOptions same;
    same.port = server->port();
    const auto second = HttpServer::open(same, echo, {});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::conflict);
}
