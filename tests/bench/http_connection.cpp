#include "bench/http_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace archaeologist::bench {
namespace {

Error broken(std::string_view what) { return {Code::io_error, "http: " + std::string(what)}; }

Error failed(std::string_view what) { return broken(std::string(what) + ": " + std::strerror(errno)); }

std::size_t number_after(std::string_view text, std::size_t at) {
    std::size_t value = 0;
    (void)std::from_chars(text.data() + at, text.data() + text.size(), value);
    return value;
}

}  // namespace

Result<HttpConnection> HttpConnection::open(std::uint16_t port) {
    HttpConnection connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connection.fd_ < 0) return failed("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    (void)::setsockopt(connection.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(connection.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return failed("connect to port " + std::to_string(port));
    }
    return connection;
}

HttpConnection::HttpConnection(HttpConnection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), read_(std::move(other.read_)) {}

HttpConnection::~HttpConnection() {
    if (fd_ >= 0) ::close(fd_);
}

Status HttpConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return failed("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

Status HttpConnection::receive() {
    constexpr std::size_t step = 64 << 10;
    const auto had = read_.size();
    read_.resize(had + step);
    const auto got = ::recv(fd_, read_.data() + had, step, 0);
    read_.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return broken("the server closed the connection");
    return got > 0 || errno == EINTR ? Status() : Status(failed("receive"));
}

Result<HttpAnswer> HttpConnection::answer() {
    std::size_t end = 0;
    while ((end = read_.find("\r\n\r\n")) == std::string::npos) ARCHAEO_TRY(receive());
    end += 4;
    const auto head = std::string_view(read_).substr(0, end);
    constexpr std::string_view length_name = "content-length: ";
    std::string lower(head);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto length_at = lower.find(length_name);
    if (!head.starts_with("HTTP/1.1 ") || length_at == std::string::npos) {
        return broken("no reply with a length: " + std::string(head.substr(0, 200)));
    }
    HttpAnswer answer;
    answer.status = static_cast<int>(number_after(head, 9));
    const auto size = number_after(lower, length_at + length_name.size());
    while (read_.size() < end + size) ARCHAEO_TRY(receive());
    answer.body = read_.substr(end, size);
    read_.erase(0, end + size);
    return answer;
}

Result<HttpAnswer> HttpConnection::ask(std::string_view head, std::string_view body) {
    std::string request(head);
    request += "Host: 127.0.0.1\r\n";
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    request += "\r\n";
    request += body;
    ARCHAEO_TRY(send(request));
    return answer();
}

Result<std::string> HttpConnection::line() {
    std::size_t end = 0;
    while ((end = read_.find('\n')) == std::string::npos) ARCHAEO_TRY(receive());
    std::string line = read_.substr(0, end);
    read_.erase(0, end + 1);
    return line;
}

void HttpConnection::shut_down() const { (void)::shutdown(fd_, SHUT_RDWR); }

std::string json_text(std::string_view json, std::string_view name) {
    const std::string key = '"' + std::string(name) + "\":\"";
    const auto at = json.find(key);
    if (at == std::string_view::npos) return {};
    const auto begin = at + key.size();
    return std::string(json.substr(begin, json.find('"', begin) - begin));
}

}  // namespace archaeologist::bench
