// One client's socket with what was read ahead of it and what waits to be sent.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "host/http/tls.hpp"

namespace archaeologist::host {

struct HttpTimes {
    std::chrono::milliseconds head{10'000};   // from a request's first byte to the end of its head
    std::chrono::milliseconds idle{75'000};   // between requests
    std::chrono::milliseconds read{30'000};   // for a body's next bytes
    std::chrono::milliseconds write{30'000};  // for the client to take more of a reply
};

// One thread at a time. Owns the socket, which is non-blocking.
class Connection {
public:
    // tls: null = none.
    Connection(int fd, std::string peer, const HttpTimes& times, const TlsContext* tls);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    enum class Head { partial, complete, too_large, closed };
    // Takes what is there without waiting, and says whether a whole request head is at the front of what was read.
    [[nodiscard]] Head read_head(std::size_t bytes_max);
    // The same, for what may arrive within a moment.
    [[nodiscard]] Head await_head(std::size_t bytes_max, std::chrono::milliseconds moment);

    // Up to size bytes; 0: the client ended its side; -1: it is gone or too slow. Waits at most HttpTimes::read.
    [[nodiscard]] std::ptrdiff_t read(char* bytes, std::size_t size);
    // Gathers small writes; all is sent by flush at the latest. False: the client is gone or too slow.
    [[nodiscard]] bool write(std::string_view bytes);
    [[nodiscard]] bool flush();

    // Whether the client has hung up, as far as can be seen without reading.
    [[nodiscard]] bool is_hung_up() const;
    // Whether bytes of a next request are there already.
    [[nodiscard]] bool has_rest() const { return begin_ < in_.size(); }
    [[nodiscard]] bool has_failed() const { return failed_; }
    // No more is sent; what the client still sends is to be thrown away until it ends its side, so that it can read the
    // last reply (RFC 9112, 9.6).
    void end_sending();
    // Sends what can be sent without waiting, in the place of all that was written before.
    void send_at_once(std::string_view bytes);
    // Throws away what is there. False: the client ended its side.
    [[nodiscard]] bool discard();
    // Gives back the memory of an idle connection.
    void shrink();

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] const std::string& peer() const { return peer_; }

private:
    [[nodiscard]] std::ptrdiff_t receive(char* bytes, std::size_t size);
    [[nodiscard]] std::ptrdiff_t send_some(std::string_view bytes);
    [[nodiscard]] std::ptrdiff_t await_bytes(char* bytes, std::size_t size);
    [[nodiscard]] bool send_all(std::string_view bytes);
    // Whether the socket becomes ready for what the last call wanted to do: receive (POLLIN) or send (POLLOUT); under TLS
    // either may need the other.
    [[nodiscard]] bool is_ready(short events, std::chrono::milliseconds wait) const;

    const int fd_;
    const std::string peer_;
    const HttpTimes times_;
    const std::unique_ptr<TlsSession> tls_;  // null without TLS
    std::string in_;
    std::size_t begin_ = 0;    // of what is unread in in_
    std::size_t scanned_ = 0;  // no head ends before
    std::string out_;
    bool failed_ = false;
};

}  // namespace archaeologist::host
