// An HTTP/1.1 server that stays responsive whatever its clients do. One thread watches all sockets that wait: idle ones,
// and those whose request head is not whole yet, so that they cost no thread. A request is served by a thread of its own
// from its head's end to its reply's.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "archaeologist/result.hpp"
#include "host/http/connection.hpp"
#include "host/http/message.hpp"

namespace archaeologist::host {

struct HttpServerOptions {
    std::string address = "127.0.0.1";      // a name or a number
    std::uint16_t port = 0;                 // 0 = any free one
    std::shared_ptr<const TlsContext> tls;  // null = plain HTTP
    HttpTimes times;
    std::size_t head_bytes_max = 32 << 10;  // a longer request head: 431
    std::size_t connections_max = 4'096;    // further ones: 503
    std::size_t requests_max = 128;         // being served at once; further ones: 503
    std::size_t streams_max = 256;          // replies without end (events) at once; further ones: 503
};

struct HttpCounts {
    std::uint64_t connections = 0;  // now
    std::uint64_t requests = 0;     // being served now
    std::uint64_t streams = 0;      // now
    std::uint64_t refused = 0;      // so far, for want of room
};

// Thread-safe.
class HttpServer {
public:
    // Listens; nothing is answered before start. Errors: invalid_argument (address), conflict (in use),
    // permission_denied, io_error.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> open(const HttpServerOptions& options, HttpHandler handler,
                                                                  HttpObserver observer);
    ~HttpServer();  // stops
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    void start();
    // Accepts no more, refuses requests that come on open connections, ends streams, waits for those being served up to
    // `grace`, then cuts them off. Idempotent.
    void stop(std::chrono::milliseconds grace);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url() const;
    [[nodiscard]] HttpCounts counts() const;

    class Impl;  // of server.cpp

private:
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace archaeologist::host
