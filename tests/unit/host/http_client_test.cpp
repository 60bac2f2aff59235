#include "host/http_client.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

using namespace archaeologist;
using namespace archaeologist::host;

// What needs a server that misbehaves is in tests/integration/remote_test.py.
namespace {

// A socket of this machine that answers one request with fixed bytes and keeps what was sent.
class OneReply {
public:
    enum class Listen { yes, no };

    explicit OneReply(Listen listen, std::string reply = {})
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), reply_(std::move(reply)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        REQUIRE(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        if (listen == Listen::no) return;
        REQUIRE(::listen(descriptor_, 1) == 0);
        thread_ = std::thread([this] { answer(); });
    }
    ~OneReply() {
        if (thread_.joinable()) thread_.join();
        ::close(descriptor_);
    }
    OneReply(const OneReply&) = delete;
    OneReply& operator=(const OneReply&) = delete;

    [[nodiscard]] HttpUrl url() const { return {HttpUrl::Scheme::http, "127.0.0.1", port_, "/base"}; }
    // All that was sent, once it has ended with `end`.
    [[nodiscard]] std::string request() {
        thread_.join();
        return request_;
    }

private:
    void answer() {
        const int connection = ::accept(descriptor_, nullptr, nullptr);
        std::string buffer(65'536, '\0');
        while (request_.find("the end") == std::string::npos) {
            const ssize_t size = ::recv(connection, buffer.data(), buffer.size(), 0);
            if (size <= 0) break;
            request_.append(buffer, 0, static_cast<std::size_t>(size));
        }
        (void)::send(connection, reply_.data(), reply_.size(), MSG_NOSIGNAL);
        ::close(connection);
    }

    int descriptor_;
    int port_ = 0;
    std::string reply_;
    std::string request_;
    std::thread thread_;
};

class Failing final : public ByteSource {
public:
    Result<std::size_t> read(std::span<char>) override { return Error{Code::io_error, "the disk is gone"}; }
};

}  // namespace

TEST_CASE("content is streamed below the base path, with the key") {
    OneReply server(OneReply::Listen::yes,
                    "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nkept");
    ClientOptions options;
    options.bearer = "k3y";
    HttpClient client(server.url(), options);
    const std::string content = std::string(1'000'000, 'x') + "the end";
    MemorySource source(content);
    ClientRequest request;
    request.method = "PUT";
    request.target = "/files/a%20b?force=true";
    request.content_type = "application/octet-stream";
    request.content = &source;
    request.content_bytes = content.size();
    const auto reply = client.send(request);
    REQUIRE_MESSAGE(reply, reply.error().message);
    CHECK(reply->status == 202);
    CHECK(reply->content_type == "text/plain");
    CHECK(reply->body == "kept");
    const auto sent = server.request();
    CHECK(sent.starts_with("PUT /base/files/a%20b?force=true HTTP/1.1\r\n"));
    CHECK(sent.find("Authorization: Bearer k3y\r\n") != std::string::npos);
    CHECK(sent.find("Content-Length: 1000007\r\n") != std::string::npos);
    CHECK(sent.ends_with("\r\n\r\n" + content));
}

TEST_CASE("what the content reports is the request's error") {
    OneReply server(OneReply::Listen::yes);
    HttpClient client(server.url(), {});
    Failing source;
    ClientRequest request;
    request.method = "PUT";
    request.content = &source;
    request.content_bytes = 10;
    const auto reply = client.send(request);
    REQUIRE(!reply);
    CHECK(reply.error().code == Code::io_error);
    CHECK(reply.error().message == "the disk is gone");
}

TEST_CASE("a reply of more bytes than may be is refused") {
    OneReply server(OneReply::Listen::yes, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901");
    ClientOptions options;
    options.reply_bytes_max = 10;
    HttpClient client(server.url(), options);
    ClientRequest request;
    request.method = "POST";
    request.body = "the end";
    const auto reply = client.send(request);
    REQUIRE(!reply);
    CHECK(reply.error().code == Code::too_large);
}

TEST_CASE("why there is no connection is said") {
    const OneReply nobody(OneReply::Listen::no);
    HttpClient refused(nobody.url(), {});
    auto reply = refused.send({});
    REQUIRE(!reply);
    CHECK(reply.error().code == Code::unavailable);
    CHECK(reply.error().message ==
          "server " + nobody.url().text() + ": connection refused; is archaeologist-httpd running?");
    HttpClient unknown({HttpUrl::Scheme::http, "no-such-host.invalid", 80, ""}, {});
    reply = unknown.send({});
    REQUIRE(!reply);
    CHECK(reply.error().message.find("its host cannot be found") != std::string::npos);
}
