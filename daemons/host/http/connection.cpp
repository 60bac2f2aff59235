#include "host/http/connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace archaeologist::host {
namespace {

constexpr std::size_t read_ahead_bytes = 16 << 10;
constexpr std::size_t small_read_bytes = 4 << 10;  // smaller reads read ahead
constexpr std::size_t gathered_bytes_max = 64 << 10;

}  // namespace

Connection::Connection(int fd, std::string peer, const HttpTimes& times, const TlsContext* tls)
    : fd_(fd),
      peer_(std::move(peer)),
      times_(times),
      tls_(tls != nullptr ? std::make_unique<TlsSession>(*tls, fd) : nullptr) {}

Connection::~Connection() { ::close(fd_); }

std::ptrdiff_t Connection::receive(char* bytes, std::size_t size) {
    for (;;) {
        const ssize_t received = tls_ ? tls_->receive(bytes, size) : ::recv(fd_, bytes, size, MSG_DONTWAIT);
        if (received >= 0 || errno != EINTR) return received;
    }
}

std::ptrdiff_t Connection::send_some(std::string_view bytes) {
    return tls_ ? tls_->send(bytes) : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool Connection::is_ready(short events, std::chrono::milliseconds wait) const {
    if (tls_) events = tls_->waits_for();
    pollfd waiting{fd_, events, 0};
    for (;;) {
        const int ready = ::poll(&waiting, 1, static_cast<int>(wait.count()));
        if (ready >= 0 || errno != EINTR) return ready > 0;
    }
}

Connection::Head Connection::read_head(std::size_t bytes_max) {
    for (;;) {
        // Empty lines before a request are to be passed over (RFC 9112, 2.2).
        while (scanned_ <= begin_ && begin_ < in_.size() && (in_[begin_] == '\r' || in_[begin_] == '\n')) ++begin_;
        const std::size_t from = std::max(begin_, scanned_ < 3 ? 0 : scanned_ - 3);
        if (in_.find("\r\n\r\n", from) != std::string::npos) {
            const bool fits = in_.find("\r\n\r\n", from) - begin_ <= bytes_max;
            return fits ? Head::complete : Head::too_large;
        }
        scanned_ = in_.size();
        if (in_.size() - begin_ > bytes_max) return Head::too_large;
        const std::size_t size = in_.size();
        in_.resize(size + read_ahead_bytes);
        const auto received = receive(in_.data() + size, read_ahead_bytes);
        in_.resize(size + static_cast<std::size_t>(std::max<std::ptrdiff_t>(received, 0)));
        if (received == 0) return Head::closed;
        if (received < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Head::partial : Head::closed;
    }
}

Connection::Head Connection::await_head(std::size_t bytes_max, std::chrono::milliseconds moment) {
    const Head head = read_head(bytes_max);
    if (head != Head::partial || !is_ready(POLLIN, moment)) return head;
    return read_head(bytes_max);
}

std::ptrdiff_t Connection::await_bytes(char* bytes, std::size_t size) {
    if (failed_) return -1;
    for (;;) {
        const auto received = receive(bytes, size);
        if (received >= 0) return received;
        const bool waits = errno == EAGAIN || errno == EWOULDBLOCK;
        if (!waits || !is_ready(POLLIN, times_.read)) {
            failed_ = true;
            return -1;
        }
    }
}

std::ptrdiff_t Connection::read(char* bytes, std::size_t size) {
    if (begin_ == in_.size()) {
        if (size >= small_read_bytes) return await_bytes(bytes, size);
        in_.resize(read_ahead_bytes);
        begin_ = scanned_ = 0;
        const auto received = await_bytes(in_.data(), in_.size());
        in_.resize(static_cast<std::size_t>(std::max<std::ptrdiff_t>(received, 0)));
        if (received <= 0) return received;
    }
    const std::size_t taken = std::min(size, in_.size() - begin_);
    in_.copy(bytes, taken, begin_);
    begin_ += taken;
    if (begin_ == in_.size()) {
        in_.clear();
        begin_ = scanned_ = 0;
    }
    return static_cast<std::ptrdiff_t>(taken);
}

bool Connection::send_all(std::string_view bytes) {
    while (!bytes.empty() && !failed_) {
        const auto sent = send_some(bytes);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            failed_ = !is_ready(POLLOUT, times_.write);
        } else {
            failed_ = errno != EINTR;
        }
    }
    return !failed_;
}

bool Connection::write(std::string_view bytes) {
    if (out_.size() + bytes.size() <= gathered_bytes_max) {
        out_ += bytes;
        return !failed_;
    }
    return flush() && send_all(bytes);
}

bool Connection::flush() {
    const bool sent = send_all(out_);
    out_.clear();
    return sent;
}

bool Connection::is_hung_up() const {
    pollfd state{fd_, POLLRDHUP, 0};
    return ::poll(&state, 1, 0) > 0;
}

void Connection::end_sending() {
    if (tls_) tls_->end_sending();
    ::shutdown(fd_, SHUT_WR);
}

void Connection::send_at_once(std::string_view bytes) {
    out_.clear();
    (void)send_some(bytes);
}

bool Connection::discard() {
    std::array<char, 64 << 10> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): only written
    in_.clear();
    begin_ = scanned_ = 0;
    for (;;) {
        const auto received = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);  // not worth deciphering
        if (received < 0 && errno == EINTR) continue;
        if (received < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        if (received == 0) return false;
    }
}

void Connection::shrink() {
    if (has_rest()) {
        in_.erase(0, begin_);
        scanned_ = scanned_ > begin_ ? scanned_ - begin_ : 0;
        begin_ = 0;
        return;
    }
    in_ = {};
    out_ = {};
    begin_ = scanned_ = 0;
}

}  // namespace archaeologist::host
