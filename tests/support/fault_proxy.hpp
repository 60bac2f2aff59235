// A TCP proxy on loopback that does to a server's answers what networks do, by a seed.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/fd.hpp"

namespace archaeologist {

// Of every request, one of these happens, or nothing. The sum is at most 100.
struct FaultPercents {
    int reset = 0;                       // before the server hears of it
    int lost = 0;                        // the server does it, the answer is lost
    int cut = 0;                         // the answer ends in its middle
    int refused = 0;                     // 503 instead of an answer; the server hears nothing
    std::chrono::milliseconds delay{0};  // of every answer
};

// Each connection has a thread.
class FaultProxy {
public:
    FaultProxy(int server_port, FaultPercents faults, std::uint64_t seed)
        : server_port_(server_port),
          faults_(faults),
          seed_(seed),
          listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 128) != 0) std::abort();
        if (::getsockname(listener_.get(), generic, &size) != 0 || ::pipe(stop_pipe_) != 0) std::abort();
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;
    ~FaultProxy() {
        ::close(stop_pipe_[1]);
        acceptor_.join();
        for (std::thread& thread : threads_) thread.join();
        ::close(stop_pipe_[0]);
    }

    [[nodiscard]] int port() const { return port_; }
    // How many requests had a fault.
    [[nodiscard]] int faults() const { return fault_count_; }
    // While it is down, whoever asks for something is thrown out.
    enum class State { up, down };
    void set(State state) { state_ = state; }

private:
    enum class Fault { none, reset, lost, cut, refused };

    static sockaddr_in loopback(int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        return address;
    }

    [[nodiscard]] Fault choose(std::mt19937_64& rng) {
        int at = std::uniform_int_distribution<int>(0, 99)(rng);
        for (const auto& [fault, percent] :
             {std::pair{Fault::reset, faults_.reset}, std::pair{Fault::lost, faults_.lost},
              std::pair{Fault::cut, faults_.cut}, std::pair{Fault::refused, faults_.refused}}) {
            if (at < percent) {
                ++fault_count_;
                return fault;
            }
            at -= percent;
        }
        return Fault::none;
    }

    void accept_all() {
        for (std::uint64_t number = 0;; ++number) {
            pollfd fds[2] = {{stop_pipe_[0], POLLIN, 0}, {listener_.get(), POLLIN, 0}};
            static_cast<void>(::poll(fds, 2, -1));
            if (fds[0].revents != 0) return;
            Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) continue;
            threads_.emplace_back([this, number, fd = std::move(client)] { serve(fd, number); });
        }
    }

    static void reset_at_close(int fd) {
        const linger at_once{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

    [[nodiscard]] static bool send_all(int fd, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t size = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
        return true;
    }

    // A request begins with the client's first bytes behind an answer.
    void serve(const Fd& client, std::uint64_t number) {
        std::mt19937_64 rng(seed_ + number);
        const Fd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in address = loopback(server_port_);
        if (state_ == State::down) return reset_at_close(client.get());
        if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
        const int on = 1;
        for (const int fd : {client.get(), server.get()}) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::vector<char> buffer(256 << 10);
        Fault fault = Fault::none;
        bool is_answering = true;
        for (;;) {
            pollfd fds[3] = {{stop_pipe_[0], POLLIN, 0}, {client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}};
            static_cast<void>(::poll(fds, 3, -1));
            if (fds[0].revents != 0) return;
            const bool is_from_client = fds[1].revents != 0;
            const ssize_t size = ::recv(is_from_client ? client.get() : server.get(), buffer.data(), buffer.size(), 0);
            if (size <= 0) return;
            const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
            if (is_from_client) {
                if (std::exchange(is_answering, false)) fault = choose(rng);
                if (state_ == State::down) fault = Fault::reset;
                if (fault == Fault::reset) return reset_at_close(client.get());
                if (fault == Fault::refused) {
                    static_cast<void>(
                        send_all(client.get(), "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                    return drain(client.get());
                }
                if (!send_all(server.get(), bytes)) return;
                continue;
            }
            if (!std::exchange(is_answering, true) && faults_.delay.count() > 0) {
                pollfd stop{stop_pipe_[0], POLLIN, 0};
                static_cast<void>(::poll(&stop, 1, static_cast<int>(faults_.delay.count())));
            }
            if (fault == Fault::lost) return reset_at_close(client.get());
            if (fault == Fault::cut) {
                static_cast<void>(send_all(client.get(), bytes.substr(0, bytes.size() / 2)));
                return;
            }
            if (!send_all(client.get(), bytes)) return;
        }
    }

    // Takes what the client still sends, so that the answer reaches it and no reset does.
    static void drain(int fd) {
        ::shutdown(fd, SHUT_WR);
        char buffer[65'536];
        const timeval patience{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        while (::recv(fd, buffer, sizeof buffer, 0) > 0) continue;
    }

    const int server_port_;
    const FaultPercents faults_;
    const std::uint64_t seed_;
    Fd listener_;
    int port_ = 0;
    int stop_pipe_[2] = {-1, -1};
    std::atomic<int> fault_count_ = 0;
    std::atomic<State> state_ = State::up;
    std::thread acceptor_;
    std::vector<std::thread> threads_;  // of the acceptor, until it has ended
};

}  // namespace archaeologist
