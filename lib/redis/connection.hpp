// One connection to one server. hiredis reads the protocol; the socket is ours, for its own client neither closes
// descriptors on exec nor keeps SIGPIPE from the program.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "base/fd.hpp"
#include "redis/error_reply.hpp"
#include "redis/patience.hpp"
#include "redis/tls.hpp"
#include "redis/url.hpp"

struct redisReader;

namespace archaeologist::redis {

struct Place {
    Endpoint endpoint;
    std::string path;  // of a unix socket; when it is not empty, endpoint counts for nothing
};

// "redis 127.0.0.1:6379"
[[nodiscard]] std::string to_string(const Place& place);

struct Login {
    std::string user;
    std::string password;
    int database = 0;
    std::shared_ptr<TlsClient> tls{};  // null = as it is, without TLS
};

// Not thread-safe. After an error it is of no use any more.
class Connection {
public:
    // Errors: unavailable (nobody there, no answer, too many clients), permission_denied, invalid_argument (no such
    // database, no file for TLS), cancelled.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const Place& place, const Login& login,
                                                                  const Patience& patience);

    // Errors: unavailable (lost, or no answer in time), cancelled.
    [[nodiscard]] Result<Answer> call(std::span<const std::string_view> words, const Patience& patience);

    [[nodiscard]] bool is_usable() const { return is_usable_; }
    [[nodiscard]] const std::string& server() const { return server_; }

private:
    struct FreeReader {
        void operator()(redisReader* reader) const;
    };

    Connection(std::string server, Fd socket);
    [[nodiscard]] Status start_tls(TlsClient& client, const std::string& host, const Patience& patience);
    [[nodiscard]] Status log_in(const Login& login, const Patience& patience);
    [[nodiscard]] Status send_output(const Patience& patience);
    [[nodiscard]] Status send(std::string_view bytes, const Patience& patience);
    // Some of what the server sent.
    [[nodiscard]] Result<std::string_view> receive_some(const Patience& patience);
    [[nodiscard]] Result<Answer> receive(const Patience& patience);
    [[nodiscard]] Error why_lost(int errno_value);
    [[nodiscard]] Error named(Error error) const;
    [[nodiscard]] Error lost(std::string_view reason) const;

    std::string server_;
    Fd socket_;
    std::unique_ptr<TlsSession> tls_;  // null without TLS
    std::vector<char> received_;
    std::unique_ptr<redisReader, FreeReader> reader_;
    std::string output_;  // kept between calls for its memory
    bool is_usable_ = true;
};

}  // namespace archaeologist::redis
