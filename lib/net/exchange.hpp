// One attempt of one request, on a connection of libcurl's.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "archaeologist/result.hpp"
#include "net/message.hpp"

using CURL = void;
using CURLM = void;

namespace archaeologist::net {

// What all attempts of a client have in common.
struct ExchangeOptions {
    std::chrono::milliseconds connect_max;
    std::chrono::milliseconds stall_max;
    std::string ca_file;
    std::string proxy;
};

struct Attempt {
    Result<Response> reply;
    bool has_sent = false;        // something of the request may have reached the server
    bool is_worth_retry = false;  // of an error: another attempt may end otherwise
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
};

// Its connections live as long as it does. One thread at a time, but for wake().
class Exchange {
public:
    explicit Exchange(const ExchangeOptions& options);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    [[nodiscard]] Attempt run(const Request& request, std::chrono::milliseconds time_max, const std::stop_token& stop);

    // Sleeps; wake() ends it.
    void sleep(std::chrono::milliseconds time);

    // Makes run() look at its stop token, and ends sleep(). From any thread.
    void wake();

private:
    struct Transfer;

    void prepare(Transfer& transfer, std::chrono::milliseconds time_max);
    void prepare_body(Transfer& transfer);
    void prepare_signing(const AwsSigning& signing);
    [[nodiscard]] Attempt outcome(Transfer& transfer, int curl_code);

    const ExchangeOptions& options_;
    CURLM* multi_ = nullptr;
    CURL* easy_ = nullptr;
};

// libcurl's own start, once a process. Errors: internal.
[[nodiscard]] Status start_curl();

}  // namespace archaeologist::net
