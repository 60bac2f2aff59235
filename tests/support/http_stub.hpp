// An HTTP/1.1 server on loopback that answers as a test says, faults included.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "base/mutex.hpp"

namespace archaeologist {

struct StubRequest {
    std::string method;
    std::string target;                          // "/path?query"
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    int connection = 0;  // the how-manieth of the server, from 0
    int number = 0;      // of the request, from 0
};

struct StubReply {
    // reset: RST instead of an answer · drop: closed without a byte · cut: half of the body, then closed · cut_head: half of the head ·
    // hang: no answer until the other side gives up
    enum class Fault : std::uint8_t { none, reset, drop, cut, cut_head, hang };

    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    Fault fault = Fault::none;
    std::chrono::milliseconds delay{0};
};

// Each connection has a thread; the handler is called from them.
class HttpStub {
public:
    using Handler = std::function<StubReply(const StubRequest&)>;

    explicit HttpStub(Handler handler)
        : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 128) != 0) std::abort();
        if (::getsockname(listener_.get(), generic, &size) != 0 || ::pipe(stop_pipe_) != 0) std::abort();
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    HttpStub(const HttpStub&) = delete;
    HttpStub& operator=(const HttpStub&) = delete;
    ~HttpStub() {
        ::close(stop_pipe_[1]);  // readable for all who wait on the other end
        acceptor_.join();
        for (std::thread& thread : threads_) thread.join();
        ::close(stop_pipe_[0]);
    }

    [[nodiscard]] std::string url(std::string_view path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }
    [[nodiscard]] int requests() const { return requests_; }
    [[nodiscard]] std::vector<StubRequest> log() {
        const MutexLock lock(mutex_);
        return log_;
    }

private:
    enum class Next { serve, close };

    // False when the server ends.
    [[nodiscard]] bool wait_readable(int fd, int wait_ms = -1) const {
        pollfd fds[2] = {{stop_pipe_[0], POLLIN, 0}, {fd, POLLIN, 0}};
        static_cast<void>(::poll(fds, fd >= 0 ? 2 : 1, wait_ms));
        return (fds[0].revents & (POLLIN | POLLHUP)) == 0;
    }

    void accept_all() {
        while (wait_readable(listener_.get())) {
            Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) continue;
            const int on = 1;
            ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            const int connection = connections_++;
            threads_.emplace_back([this, connection, fd = std::move(client)]() mutable {
                std::string input;
                while (serve_one(fd, input, connection) == Next::serve) continue;
            });
        }
    }

    [[nodiscard]] bool receive(int fd, std::string& input) const {
        if (!wait_readable(fd)) return false;
        char buffer[65'536];
        const ssize_t size = ::recv(fd, buffer, sizeof buffer, 0);
        if (size <= 0) return false;
        input.append(buffer, static_cast<std::size_t>(size));
        return true;
    }

    static void send_all(int fd, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t size = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
    }

    [[nodiscard]] static StubRequest parse_head(std::string_view head) {
        StubRequest request;
        const auto line_end = std::min(head.find("\r\n"), head.size());
        const auto line = head.substr(0, line_end);
        const auto space = line.find(' ');
        request.method = line.substr(0, space);
        request.target = line.substr(space + 1, line.rfind(' ') - space - 1);
        for (auto at = line_end; at + 2 < head.size();) {
            at += 2;
            const auto end = std::min(head.find("\r\n", at), head.size());
            const auto field = head.substr(at, end - at);
            const auto colon = field.find(':');
            std::string name(field.substr(0, colon));
            std::transform(name.begin(), name.end(), name.begin(),
                           [](char c) { return static_cast<char>(::tolower(c)); });
            const auto value = field.substr(std::min(colon + 1, field.size()));
            request.headers[name] = value.substr(std::min(value.find_first_not_of(' '), value.size()));
            at = end;
        }
        return request;
    }

    [[nodiscard]] Next serve_one(Fd& fd, std::string& input, int connection) {
        std::size_t head_end = 0;
        while ((head_end = input.find("\r\n\r\n")) == std::string::npos) {
            if (!receive(fd.get(), input)) return Next::close;
        }
        StubRequest request = parse_head(std::string_view(input).substr(0, head_end));
        input.erase(0, head_end + 4);
        const auto length = request.headers.find("content-length");
        const std::size_t size =
            length == request.headers.end() ? 0 : std::strtoull(length->second.c_str(), nullptr, 10);
        while (input.size() < size) {
            if (!receive(fd.get(), input)) return Next::close;
        }
        request.body = input.substr(0, size);
        input.erase(0, size);
        request.connection = connection;
        request.number = requests_++;
        {
            const MutexLock lock(mutex_);
            log_.push_back(request);
        }
        return answer(fd, request, handler_(request));
    }

    [[nodiscard]] Next answer(Fd& fd, const StubRequest& request, const StubReply& reply) const {
        using Fault = StubReply::Fault;
        if (reply.delay.count() > 0 && !wait_readable(-1, static_cast<int>(reply.delay.count()))) return Next::close;
        if (reply.fault == Fault::hang) static_cast<void>(wait_readable(fd.get()));
        if (reply.fault == Fault::reset) {
            const linger at_once{1, 0};
            ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        if (reply.fault == Fault::reset || reply.fault == Fault::drop || reply.fault == Fault::hang) return Next::close;
        std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Said so\r\n";
        for (const auto& [name, value] : reply.headers) text.append(name).append(": ").append(value).append("\r\n");
        if (reply.status != 204) text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
        if (reply.fault == Fault::cut_head) {
            send_all(fd.get(), text);  // up to the line before the empty one
            return Next::close;
        }
        text += "\r\n";
        const bool is_cut = reply.fault == Fault::cut;
        if (request.method != "HEAD") text += reply.body.substr(0, is_cut ? reply.body.size() / 2 : std::string::npos);
        send_all(fd.get(), text);
        return is_cut ? Next::close : Next::serve;
    }

    const Handler handler_;
    Fd listener_;
    int port_ = 0;
    int stop_pipe_[2] = {-1, -1};
    std::atomic<int> connections_ = 0;
    std::atomic<int> requests_ = 0;
    Mutex mutex_;
    std::vector<StubRequest> log_ ARCHAEO_GUARDED_BY(mutex_);
    std::thread acceptor_;
    std::vector<std::thread> threads_;  // of the acceptor, until it has ended
};

}  // namespace archaeologist
