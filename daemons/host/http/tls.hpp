// TLS on the server's side of a socket, with OpenSSL. TLS 1.2 and later, no renegotiation, no compression.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace archaeologist::host {

// A server's certificate with its key. Thread-safe once open.
class TlsContext {
public:
    // PEM files: the certificate, with those that lead to its root behind it, and its private key without a passphrase.
    // Errors: invalid_argument (a file cannot be read or holds something else, or the key is another certificate's).
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> open(const std::string& certificate,
                                                                        const std::string& key);

    [[nodiscard]] ssl_ctx_st* get() const { return context_.get(); }

private:
    using Context = std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)>;
    explicit TlsContext(Context context) : context_(std::move(context)) {}
    Context context_;
};

// One client's. The handshake goes along with what is first received. One thread at a time. Never waits.
class TlsSession {
public:
    // fd is non-blocking and outlives the session.
    TlsSession(const TlsContext& context, int fd);

    // As recv(2) and send(2) have it, errno too; EAGAIN: wait for what waits_for() says.
    [[nodiscard]] std::ptrdiff_t receive(char* bytes, std::size_t size);
    [[nodiscard]] std::ptrdiff_t send(std::string_view bytes);
    [[nodiscard]] short waits_for() const { return waits_for_; }  // POLLIN or POLLOUT

    // Tells the client that no more comes.
    void end_sending();

private:
    [[nodiscard]] std::ptrdiff_t outcome(int returned, std::size_t done);

    std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
    short waits_for_;
    bool is_broken_ = false;
};

}  // namespace archaeologist::host
