#include "host/http_client.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

namespace archaeologist::host {
namespace {

constexpr std::size_t piece_bytes = 256 << 10;

std::string errno_text(int number) { return std::generic_category().message(number); }

// What one address answers to a connection; empty when it takes it.
std::string connect_refusal(const addrinfo& address) {
    const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno_text(errno);
    int failure = 0;
    if (::connect(descriptor, address.ai_addr, address.ai_addrlen) != 0) failure = errno;
    if (failure == EINPROGRESS) {
        constexpr int patience_ms = 2'000;
        pollfd waiting{descriptor, POLLOUT, 0};
        socklen_t size = sizeof failure;
        if (::poll(&waiting, 1, patience_ms) != 1) {
            failure = ETIMEDOUT;
        } else if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) {
            failure = errno;
        }
    }
    ::close(descriptor);
    return failure == 0 ? std::string() : errno_text(failure);
}

// httplib does not tell why it could not connect, and people must know.
std::string why_not_connected(const HttpUrl& url) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failure = ::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &wanted, &found);
        failure != 0) {
        return "its host cannot be found: " + std::string(::gai_strerror(failure));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, &::freeaddrinfo);
    std::string refusal = "no connection";
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        auto told = connect_refusal(*address);
        if (told.empty()) return "the connection broke; try again";
        refusal = std::move(told);
    }
    if (refusal == errno_text(ECONNREFUSED)) return "connection refused; is archaeologist-httpd running?";
    return refusal;
}

std::string seconds_text(std::chrono::milliseconds time) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

class HttpClient::Impl {
public:
    Impl(HttpUrl url, ClientOptions options) : url_(std::move(url)), options_(std::move(options)) {
        if (url_.scheme == HttpUrl::Scheme::https) {
            client_ = std::make_unique<httplib::SSLClient>(url_.host, url_.port);
        } else {
            client_ = std::make_unique<httplib::ClientImpl>(url_.host, url_.port);
        }
        client_->set_keep_alive(true);
        client_->set_tcp_nodelay(true);
        client_->set_follow_location(false);
        client_->set_url_encode(false);
        client_->set_connection_timeout(options_.connect_timeout);
        client_->set_read_timeout(options_.read_timeout);
        client_->set_write_timeout(options_.write_timeout);
    }

    [[nodiscard]] const HttpUrl& url() const { return url_; }

    Result<ClientReply> send(const ClientRequest& request) {
        const bool kept_open = client_->is_socket_open() > 0;
        auto reply = send_once(request);
        const bool broke = !reply && reply.error().code == Code::unavailable;
        return broke && kept_open && request.method == "GET" ? send_once(request) : std::move(reply);
    }

private:
    Result<ClientReply> send_once(const ClientRequest& request) {
        ClientReply reply;
        std::optional<Error> own_error;
        httplib::Request sent = prepared(request);
        if (request.content != nullptr) give_content(sent, request, own_error);
        sent.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
            if (reply.body.size() + size > options_.reply_bytes_max) {
                own_error = failure(Code::too_large, "its reply to " + request.method + ' ' + request.target +
                                                         " has more than " + std::to_string(options_.reply_bytes_max) +
                                                         " bytes");
                return false;
            }
            reply.body.append(data, size);
            return true;
        };
        const auto result = client_->send(sent);
        if (own_error) return *std::move(own_error);
        if (!result) return error_of(result.error(), request);
        reply.status = result->status;
        reply.content_type = result->get_header_value("Content-Type");
        reply.date = result->get_header_value("Date");
        return reply;
    }

    [[nodiscard]] httplib::Request prepared(const ClientRequest& request) const {
        httplib::Request sent;
        sent.method = request.method;
        sent.path = url_.base_path + request.target;
        sent.set_header("User-Agent", "archaeologist");
        sent.set_header("Accept", "application/json, application/problem+json");
        if (!options_.bearer.empty()) sent.set_header("Authorization", "Bearer " + options_.bearer);
        if (!request.content_type.empty()) sent.set_header("Content-Type", request.content_type);
        if (request.content == nullptr) sent.body = request.body;
        return sent;
    }

    // `own_error` must live until the request is sent.
    static void give_content(httplib::Request& sent, const ClientRequest& request, std::optional<Error>& own_error) {
        sent.content_length_ = request.content_bytes;
        auto buffer = std::make_shared<std::vector<char>>(std::min<std::uint64_t>(piece_bytes, request.content_bytes));
        sent.content_provider_ = [&request, &own_error, buffer](std::size_t, std::size_t left,
                                                                httplib::DataSink& sink) {
            auto size = request.content->read(std::span<char>(*buffer).first(std::min(left, buffer->size())));
            if (size && *size == 0) size = Error{Code::io_error, "the content ended before its size was reached"};
            if (!size) {
                own_error = std::move(size).error();
                return false;
            }
            return sink.write(buffer->data(), *size);
        };
    }

    [[nodiscard]] Error failure(Code code, const std::string& what) const {
        return {code, "server " + url_.text() + ": " + what};
    }

    [[nodiscard]] Error error_of(httplib::Error error, const ClientRequest& request) const {
        const std::string what = request.method + ' ' + request.target;
        switch (error) {
            case httplib::Error::Connection: return failure(Code::unavailable, why_not_connected(url_));
            case httplib::Error::ConnectionTimeout:
                return failure(Code::unavailable, "no connection within " + seconds_text(options_.connect_timeout));
            case httplib::Error::Read:
                return failure(Code::unavailable, what + ": no whole reply; the connection broke, or was silent for " +
                                                      seconds_text(options_.read_timeout));
            case httplib::Error::Write:
                return failure(Code::unavailable, what + ": the connection broke while the request was sent");
            case httplib::Error::SSLConnection:
                return failure(Code::unavailable, "no TLS connection; must it be http://?");
            case httplib::Error::SSLLoadingCerts:
                return failure(Code::permission_denied, "the machine's trusted certificates cannot be read");
            case httplib::Error::SSLServerVerification:
                return failure(Code::permission_denied, "its certificate is not trusted, or names another host");
            default: return failure(Code::unavailable, what + ": " + httplib::to_string(error));
        }
    }

    const HttpUrl url_;
    const ClientOptions options_;
    std::unique_ptr<httplib::ClientImpl> client_;
};

HttpClient::HttpClient(HttpUrl url, ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(url), std::move(options))) {}

HttpClient::~HttpClient() = default;

Result<ClientReply> HttpClient::send(const ClientRequest& request) { return impl_->send(request); }

const HttpUrl& HttpClient::url() const { return impl_->url(); }

}  // namespace archaeologist::host
