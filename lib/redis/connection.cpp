#include "redis/connection.hpp"

#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/errno_error.hpp"
#include "redis/resolve.hpp"

namespace archaeologist::redis {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t reply_bytes_max = std::size_t{512} << 20;
constexpr std::size_t output_bytes_kept = std::size_t{1} << 20;
constexpr std::size_t received_bytes = 16'384;
constexpr int keepalive_idle_s = 15;

Result<Fd> connect_to(const sockaddr* address, socklen_t size, const std::string& server, const Patience& patience) {
    Fd socket(::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const auto failed = [&](int errno_value) {
        return Error{Code::unavailable, server + ": cannot connect: " + errno_text(errno_value)};
    };
    if (!socket) return failed(errno);
    if (::connect(socket.get(), address, size) != 0 && errno != EINPROGRESS && errno != EINTR) {
        // A unix socket whose backlog is full says EAGAIN; the client tries again.
        return failed(errno);
    }
    const auto started = std::chrono::steady_clock::now();
    const Ready ready = wait_for(socket.get(), POLLOUT, patience);
    if (ready == Ready::woken) return interrupted();
    if (ready == Ready::too_late) {
        const auto waited = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
        return Error{Code::unavailable,
                     server + ": cannot connect: no answer within " + std::to_string(waited.count()) + " ms"};
    }
    int error = 0;
    socklen_t error_size = sizeof error;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &error_size) != 0) return failed(errno);
    if (error != 0) return failed(error);
    return socket;
}

Result<Fd> connect_socket(const std::string& path, const std::string& server, const Patience& patience) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return Error{Code::invalid_argument, server + ": the socket's path has " + std::to_string(path.size()) +
                                                 " bytes, must be at most " +
                                                 std::to_string(sizeof address.sun_path - 1)};
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address, server, patience);
}

// Tries all addresses of the host; each gets its share of the time that is left.
Result<Fd> connect_host(const Endpoint& endpoint, const std::string& server, const Patience& patience) {
    auto found = resolve(endpoint, patience);
    if (!found) {
        found.error().message.insert(0, server + ": ");
        return std::move(found).error();
    }
    const Addresses& addresses = *found;
    int count = 0;
    for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) ++count;
    Result<Fd> socket = Error{Code::unavailable, server + ": the host has no address"};
    for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next, --count) {
        const auto now = std::chrono::steady_clock::now();
        const auto share = std::max<Instant::duration>(patience.until - now, Instant::duration::zero()) / count;
        socket = connect_to(a->ai_addr, a->ai_addrlen, server, {now + share, patience.wake_fd});
        if (socket || socket.error().code == Code::cancelled) break;
    }
    if (!socket) return socket;
    const int on = 1;
    ::setsockopt(socket->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket->get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(socket->get(), IPPROTO_TCP, TCP_KEEPIDLE, &keepalive_idle_s, sizeof keepalive_idle_s);
    return socket;
}

void append_number(std::string& text, char kind, std::size_t number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text += kind;
    text.append(digits.data(), end);
    text += "\r\n";
}

struct FreeReply {
    void operator()(void* reply) const { ::freeReplyObject(reply); }
};

std::string text_of(const redisReply& reply) { return {reply.str, reply.len}; }

// An error inside a list makes the whole answer that error. The depth is bounded by hiredis (7 lists in each other). The value is
// made where it stays: g++ 12 takes a moved one for uninitialised under the sanitizers.
Answer to_answer(const redisReply& reply) {
    if (reply.type == REDIS_REPLY_ERROR) return ErrorReply{text_of(reply)};
    Answer answer(std::in_place_type<Reply>);
    auto& value = std::get_if<Reply>(&answer)->value;
    if (reply.type == REDIS_REPLY_INTEGER) value = std::int64_t{reply.integer};
    if (reply.type == REDIS_REPLY_STRING || reply.type == REDIS_REPLY_STATUS) value = text_of(reply);
    if (reply.type != REDIS_REPLY_ARRAY) return answer;
    auto& list = value.emplace<std::vector<Reply>>();
    list.reserve(reply.elements);
    for (std::size_t i = 0; i < reply.elements; ++i) {
        Answer element = to_answer(*reply.element[i]);
        if (std::holds_alternative<ErrorReply>(element)) return element;
        list.push_back(std::move(*std::get_if<Reply>(&element)));
    }
    return answer;
}

Result<Fd> connect_to(const Place& place, const std::string& server, const Patience& patience) {
    if (place.path.empty()) return connect_host(place.endpoint, server, patience);
    return connect_socket(place.path, server, patience);
}

}  // namespace

std::string to_string(const Place& place) {
    return "redis " + (place.path.empty() ? to_string(place.endpoint) : "unix:" + place.path);
}

void Connection::FreeReader::operator()(redisReader* reader) const { ::redisReaderFree(reader); }

Connection::Connection(std::string server, Fd socket)
    : server_(std::move(server)), socket_(std::move(socket)), reader_(::redisReaderCreate()) {}

Result<std::unique_ptr<Connection>> Connection::open(const Place& place, const Login& login, const Patience& patience) {
    const std::string server = to_string(place);
    ARCHAEO_ASSIGN(Fd socket, connect_to(place, server, patience));
    std::unique_ptr<Connection> connection(new Connection(server, std::move(socket)));
    if (connection->reader_ == nullptr) return Error{Code::unavailable, server + ": no memory for a connection"};
    if (login.tls != nullptr) ARCHAEO_TRY(connection->start_tls(*login.tls, place.endpoint.host, patience));
    ARCHAEO_TRY(connection->log_in(login, patience));
    return connection;
}

Status Connection::log_in(const Login& login, const Patience& patience) {
    const auto refused = [&](std::span<const std::string_view> words) -> Result<std::string> {
        ARCHAEO_ASSIGN(const Answer answer, call(words, patience));
        const auto* error = std::get_if<ErrorReply>(&answer);
        return error == nullptr ? std::string() : error->text;
    };
    if (!login.password.empty()) {
        std::vector<std::string_view> words{"AUTH", login.password};
        if (!login.user.empty()) words.insert(words.begin() + 1, login.user);
        ARCHAEO_ASSIGN(const std::string said, refused(words));
        if (!said.empty()) {
            const Meaning meaning = meaning_of(said, server_);
            if (meaning.error.code == Code::unavailable) return meaning.error;
            return Error{Code::permission_denied, server_ + ": AUTH was refused: " + said};
        }
    }
    const std::string_view naming[] = {"CLIENT", "SETNAME", "archaeologist"};
    ARCHAEO_ASSIGN(const std::string unnamed, refused(naming));
    // A user who may not name connections may still do all we need.
    if (const Meaning meaning = meaning_of(unnamed, server_);
        meaning.remedy == Remedy::wait || unnamed.substr(0, 6) == "NOAUTH") {
        return meaning.error;
    }
    if (login.database == 0) return {};
    const std::string database = std::to_string(login.database);
    const std::string_view selecting[] = {"SELECT", database};
    ARCHAEO_ASSIGN(const std::string unselected, refused(selecting));
    if (unselected.empty()) return {};
    const Meaning meaning = meaning_of(unselected, server_);
    if (meaning.error.code != Code::internal) return meaning.error;
    return Error{Code::invalid_argument, server_ + ": database " + database + ": " + unselected};
}

Error Connection::lost(std::string_view reason) const {
    return {Code::unavailable, server_ + ": " + std::string(reason)};
}

Result<Answer> Connection::call(std::span<const std::string_view> words, const Patience& patience) {
    output_.clear();
    append_number(output_, '*', words.size());
    for (const std::string_view word : words) {
        append_number(output_, '$', word.size());
        output_ += word;
        output_ += "\r\n";
    }
    is_usable_ = false;  // until the answer is there, whole
    ARCHAEO_TRY(send_output(patience));
    if (output_.capacity() > output_bytes_kept) output_ = {};
    auto answer = receive(patience);
    is_usable_ = answer.has_value();
    return answer;
}

Error Connection::named(Error error) const {
    error.message.insert(0, server_ + ": ");
    return error;
}

Status Connection::start_tls(TlsClient& client, const std::string& host, const Patience& patience) {
    auto session = client.start(host);
    if (!session) return named(std::move(session).error());
    tls_ = std::move(*session);
    std::string_view received;
    while (true) {
        auto output = tls_->shake_hands(received);
        if (!output) return named(std::move(output).error());
        ARCHAEO_TRY(send(*output, patience));
        if (tls_->has_shaken_hands()) return {};
        auto some = receive_some(patience);
        if (!some) {
            if (some.error().code == Code::unavailable) some.error().message += " (TLS: does it speak that there?)";
            return std::move(some).error();
        }
        received = *some;
    }
}

Status Connection::send_output(const Patience& patience) {
    if (tls_ == nullptr) return send(output_, patience);
    auto encrypted = tls_->encrypt(output_);
    if (!encrypted) return named(std::move(encrypted).error());
    return send(*encrypted, patience);
}

Status Connection::send(std::string_view bytes, const Patience& patience) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            const Ready ready = wait_for(socket_.get(), POLLOUT, patience);
            if (ready == Ready::woken) return interrupted();
            if (ready == Ready::too_late) return lost("the server takes nothing, and time is up");
        } else if (errno != EINTR) {
            return why_lost(errno);
        }
    }
    return {};
}

// A server that refuses our certificate says so and closes; it may do so only after what it takes for the handshake's end.
Error Connection::why_lost(int errno_value) {
    received_.resize(received_bytes);
    const ssize_t size = tls_ == nullptr ? 0 : ::recv(socket_.get(), received_.data(), received_.size(), MSG_DONTWAIT);
    if (size > 0) {
        const auto said = tls_->decrypt({received_.data(), static_cast<std::size_t>(size)});
        if (!said) return named(said.error());
    }
    return lost("connection lost: " + errno_text(errno_value));
}

Result<std::string_view> Connection::receive_some(const Patience& patience) {
    const auto started = std::chrono::steady_clock::now();
    received_.resize(received_bytes);
    while (true) {
        const Ready ready = wait_for(socket_.get(), POLLIN, patience);
        if (ready == Ready::woken) return interrupted();
        if (ready == Ready::too_late) {
            const auto waited = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
            return lost("no answer within " + std::to_string(waited.count()) + " ms");
        }
        const ssize_t size = ::recv(socket_.get(), received_.data(), received_.size(), 0);
        if (size < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
        if (size < 0) return lost("connection lost: " + errno_text(errno));
        if (size == 0) return lost("the server closed the connection");
        return std::string_view(received_.data(), static_cast<std::size_t>(size));
    }
}

Result<Answer> Connection::receive(const Patience& patience) {
    std::size_t received = 0;
    std::string decrypted;
    while (true) {
        ARCHAEO_ASSIGN(std::string_view bytes, receive_some(patience));
        received += bytes.size();
        if (received > reply_bytes_max) {
            return lost("an answer of more than " + std::to_string(reply_bytes_max) + " bytes");
        }
        if (tls_ != nullptr) {
            auto words = tls_->decrypt(bytes);
            if (!words) return named(std::move(words).error());
            decrypted = std::move(*words);
            bytes = decrypted;
            if (bytes.empty()) continue;
        }
        void* parsed = nullptr;
        if (::redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK ||
            ::redisReaderGetReply(reader_.get(), &parsed) != REDIS_OK) {
            return lost("not an answer of a Redis server: " + std::string(reader_->errstr));
        }
        if (parsed == nullptr) continue;
        const std::unique_ptr<void, FreeReply> reply(parsed);
        if (reader_->pos < reader_->len) return lost("more answers than calls");
        return to_answer(*static_cast<const redisReply*>(parsed));
    }
}

}  // namespace archaeologist::redis
