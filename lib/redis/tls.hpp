// TLS of a connection: turns what is said into what is sent, and back. Reads and writes no socket, so that waiting, time limits
// and SIGPIPE are the connection's alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"
#include "base/mutex.hpp"
#include "redis/url.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace archaeologist::redis {

// Not thread-safe. After an error it is of no use any more.
class TlsSession {
public:
    // Takes what the server sent, nothing at first. Gives what is to be sent to it.
    // Errors: permission_denied (its certificate is not trusted, or it wants another one than ours), unavailable.
    [[nodiscard]] Result<std::string> shake_hands(std::string_view received);
    [[nodiscard]] bool has_shaken_hands() const;

    // After that. Errors: unavailable.
    [[nodiscard]] Result<std::string> encrypt(std::string_view words);
    // What was said, as far as it has arrived. Errors: also permission_denied, for a server may refuse our certificate late.
    [[nodiscard]] Result<std::string> decrypt(std::string_view received);

private:
    friend class TlsClient;
    struct Free {
        void operator()(ssl_st* session) const;
    };
    explicit TlsSession(std::unique_ptr<ssl_st, Free> session) : session_(std::move(session)) {}
    [[nodiscard]] Status take_in(std::string_view received);
    [[nodiscard]] std::string take_output();
    [[nodiscard]] Error failure(int returned);

    std::unique_ptr<ssl_st, Free> session_;
};

// What all connections to one place have in common. Thread-safe.
class TlsClient {
public:
    explicit TlsClient(TlsFiles files) : files_(std::move(files)) {}

    // For a server whose certificate must name `host`. Files are read with the first session.
    // Errors: invalid_argument (a file cannot be read), internal.
    [[nodiscard]] Result<std::unique_ptr<TlsSession>> start(const std::string& host);

private:
    struct FreeContext {
        void operator()(ssl_ctx_st* context) const;
    };
    using Context = std::unique_ptr<ssl_ctx_st, FreeContext>;

    [[nodiscard]] static Result<Context> make_context(const TlsFiles& files);

    const TlsFiles files_;
    Mutex mutex_;
    Context context_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::redis
