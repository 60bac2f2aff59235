#include "host/http/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace archaeologist::host {
namespace {

constexpr int backlog = 1'024;

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

Result<Addresses> addresses_of(const std::string& address, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failure =
        ::getaddrinfo(address.empty() ? nullptr : address.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (failure != 0) {
        return Error{Code::invalid_argument, "address \"" + address + "\" to listen on: " + ::gai_strerror(failure)};
    }
    return Addresses(found, &::freeaddrinfo);
}

Error bind_error(int error, const std::string& address, std::uint16_t port) {
    const std::string where = "listen on " + address + ":" + std::to_string(port) + ": ";
    if (error == EADDRINUSE) return {Code::conflict, where + "another program listens there already"};
    const Code code = error == EACCES          ? Code::permission_denied
                      : error == EADDRNOTAVAIL ? Code::invalid_argument
                                               : Code::io_error;
    return {code, where + std::generic_category().message(error)};
}

std::uint16_t port_of(int fd) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
    if (name.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&name)->sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&name)->sin_port);
}

}  // namespace

Result<Listener> Listener::open(const std::string& address, std::uint16_t port) {
    ARCHAEO_ASSIGN(const auto addresses, addresses_of(address, port));
    const addrinfo& first = *addresses;
    Listener listener(::socket(first.ai_family, first.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, first.ai_protocol));
    const int on = 1;
    if (listener.fd_ < 0 || ::setsockopt(listener.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(listener.fd_, first.ai_addr, first.ai_addrlen) != 0 || ::listen(listener.fd_, backlog) != 0) {
        return bind_error(errno, address, port);
    }
    listener.port_ = port_of(listener.fd_);
    return listener;
}

Listener::Listener(Listener&& other) noexcept : fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}

Listener::~Listener() { close(); }

void Listener::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Listener::Accepted Listener::accept() const {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    const int fd = ::accept4(fd_, reinterpret_cast<sockaddr*>(&name), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return {};
    const int on = 1;  // without it a client that keeps its connection sees 40 ms a call
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::array<char, NI_MAXHOST> text{};
    const auto* address = reinterpret_cast<const sockaddr*>(&name);
    if (::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) text[0] = '\0';
    return {fd, text.data()};
}

bool is_loopback(const std::string& address) {
    const auto addresses = addresses_of(address, 0);
    if (!addresses || address.empty()) return false;
    for (const addrinfo* at = addresses->get(); at != nullptr; at = at->ai_next) {
        if (at->ai_family == AF_INET) {
            const auto number = ntohl(reinterpret_cast<const sockaddr_in*>(at->ai_addr)->sin_addr.s_addr);
            if (number >> 24 != 127) return false;
        } else if (at->ai_family == AF_INET6) {
            if (!IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(at->ai_addr)->sin6_addr)) return false;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace archaeologist::host
