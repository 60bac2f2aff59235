// A listening TCP socket.
#pragma once

#include <cstdint>
#include <string>

#include "archaeologist/result.hpp"

namespace archaeologist::host {

// Owns the socket. Non-blocking, and not shared with other processes: a second daemon on one port is told so.
class Listener {
public:
    // Errors: invalid_argument (no such address), conflict (in use), permission_denied, io_error.
    [[nodiscard]] static Result<Listener> open(const std::string& address, std::uint16_t port);
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&&) = delete;
    ~Listener();

    struct Accepted {
        int fd = -1;  // -1: nobody waits; the caller owns it
        std::string peer;
    };
    [[nodiscard]] Accepted accept() const;
    void close();

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    explicit Listener(int fd) : fd_(fd) {}
    int fd_;
    std::uint16_t port_ = 0;
};

// Whether only programs of this machine can reach it.
[[nodiscard]] bool is_loopback(const std::string& address);

}  // namespace archaeologist::host
