#include "queue/sqlite/waker.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>

namespace archaeologist::sqlite {
namespace {

Fd connected_socket(const RunFolder& folder, std::string_view name) {
    Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const sockaddr_un address = folder.socket_address(name);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (!fd || ::connect(fd.get(), generic, sizeof address) != 0) return {};
    return fd;
}

}  // namespace

void Waker::wake_others(std::string_view self) {
    const MutexLock lock(mutex_);
    if (!folder_) {
        auto folder = RunFolder::open(run_dir_);
        if (!folder) return;
        folder_.emplace(std::move(folder).value());
    }
    list_others();
    for (auto& [name, socket] : sockets_) {
        if (name != self) wake(name, socket);
    }
}

void Waker::list_others() {
    if (!changes_.due(*folder_, std::chrono::steady_clock::now())) return;
    const auto names = folder_->list(socket_suffix);
    if (!names) return changes_.missed();
    std::map<std::string, Fd> sockets;
    for (const std::string& name : *names) {
        const auto known = sockets_.find(name);
        sockets.emplace(name, known == sockets_.end() ? Fd{} : std::move(known->second));
    }
    sockets_ = std::move(sockets);
}

void Waker::wake(const std::string& name, Fd& socket) {
    if (!socket) socket = connected_socket(*folder_, name);
    if (!socket) return;
    const char wake = 1;
    const bool sent = ::send(socket.get(), &wake, sizeof wake, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    if (!sent && errno != EAGAIN) socket.reset();
}

}  // namespace archaeologist::sqlite
