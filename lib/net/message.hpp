// One HTTP request and its reply.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist::net {

enum class Method : std::uint8_t { get, head, put, post, patch, remove };

[[nodiscard]] std::string_view to_string(Method method);

// Values are never logged, nor put into messages.
struct Header {
    std::string name;
    std::string value;
};

// What is sent, when it is too large for memory. One thread at a time; read from any offset, for an attempt may start over.
class RequestBody {
public:
    virtual ~RequestBody() = default;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    // Up to buffer.size() bytes from `offset`; 0 only at the end.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) = 0;
};

// AWS Signature Version 4. The request's query must have its parameters sorted and percent-encoded (see url.hpp). A session
// token is a header of the request (x-amz-security-token).
struct AwsSigning {
    std::string service = "s3";
    std::string region;
    std::string access_key;
    std::string secret_key;
};

struct Response {
    int status = 0;
    std::vector<Header> headers;  // names in lower case
    std::string body;     // without a sink; with one, of a status other than 2xx. Of those at most 64 KiB are kept
    std::string request;  // "PUT http://host/path", as messages may show it
    int attempts = 1;

    [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
    // Of the last header of that name (in lower case).
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// Takes the body of a 2xx reply piece by piece.
class ResponseSink {
public:
    virtual ~ResponseSink() = default;
    // A body follows; whatever an attempt before this one gave counts for nothing. An error ends the call.
    [[nodiscard]] virtual Status begin(const Response& head) = 0;
    [[nodiscard]] virtual Status write(std::string_view bytes) = 0;
};

// unless_sent: an attempt whose answer was lost may have had its effect, so only those are repeated that did not reach the
// server or that it refused (429, 503).
enum class Repeat : std::uint8_t { always, unless_sent };

struct Request {
    Method method = Method::get;
    std::string url;                // http:// or https://, without a user; percent-encoded
    std::string_view endpoint;      // of the metrics: "s3 put"; one of few, and lives as long as the client
    std::vector<Header> headers{};  // Content-Type too; Content-Length comes by itself
    std::string_view body{};        // in memory; must outlive the call
    RequestBody* stream = nullptr;  // instead of `body`
    ResponseSink* sink = nullptr;   // instead of Response::body
    const AwsSigning* signing = nullptr;
    Repeat repeat = Repeat::always;
    std::uint64_t response_bytes_max = std::uint64_t{16} << 20;
    std::optional<std::chrono::milliseconds> attempt_max{};  // instead of the client's
    std::optional<std::chrono::milliseconds> total_max{};    // instead of the client's
    // Says of a reply that would be repeated (429, 500, …) that it is final after all; may be empty.
    std::function<bool(const Response&)> is_final{};
    std::stop_token stop{};  // ends the call within 100 ms
};

}  // namespace archaeologist::net
