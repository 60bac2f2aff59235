// A client's connection, as plain as can be, so that what is measured is the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

namespace archaeologist::bench {

struct HttpAnswer {
    int status = 0;
    std::string body;
};

// Keep-alive to 127.0.0.1, blocking. One thread at a time. Errors: io_error (the connection broke, or no HTTP came).
class HttpConnection {
public:
    [[nodiscard]] static Result<HttpConnection> open(std::uint16_t port);
    HttpConnection(HttpConnection&& other) noexcept;
    HttpConnection& operator=(HttpConnection&&) = delete;
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;
    ~HttpConnection();

    // `head` is the request line and headers, each with its end of line, without Host.
    [[nodiscard]] Result<HttpAnswer> ask(std::string_view head, std::string_view body);
    [[nodiscard]] Status send(std::string_view bytes) const;
    [[nodiscard]] Result<HttpAnswer> answer();
    // One line of an answer without a length, such as an event stream.
    [[nodiscard]] Result<std::string> line();
    // Wakes a thread that reads.
    void shut_down() const;

private:
    explicit HttpConnection(int fd) : fd_(fd) {}
    [[nodiscard]] Status receive();

    int fd_;
    std::string read_;  // what came and was not taken yet
};

// A field of a JSON text that this program's own server wrote: nothing is escaped, the first one of its name is meant.
[[nodiscard]] std::string json_text(std::string_view json, std::string_view name);

}  // namespace archaeologist::bench
