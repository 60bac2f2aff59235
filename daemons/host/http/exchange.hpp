// One request and its reply on a connection. The only place that knows cpp-httplib's server side: it parses the request's
// head and writes the reply's; bodies are read here, in large pieces and at the handler's own pace.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "host/http/connection.hpp"
#include "host/http/message.hpp"

namespace archaeologist::host {

class HttpExchange {
public:
    // Calls of the server on which requests arrive.
    struct Hooks {
        HttpHandler handler;
        HttpObserver observer;               // may be empty
        std::function<bool()> is_draining;   // then a request is refused and its connection ends
        std::function<bool()> begin_stream;  // false: there are too many; else end_stream follows
        std::function<void()> end_stream;
        std::chrono::milliseconds idle{75'000};  // how long a connection may be idle, which replies say
    };

    explicit HttpExchange(Hooks hooks);
    ~HttpExchange();
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;

    enum class After { keep, close };
    // Serves the request whose head is at the connection's front. Thread-safe for different connections.
    [[nodiscard]] After serve(Connection& connection) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// For the handler that is being served on this thread: how its route is called in logs and metrics.
void note_route(std::string_view route);

}  // namespace archaeologist::host
