// HTTP requests and replies as the programs see them. Nothing of the HTTP library shows here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::host {

// A request's body without its transfer coding. Errors of read: io_error (the client is gone, or sends too slowly),
// invalid_argument (malformed chunks).
class HttpBody : public ByteSource {
public:
    // As the client announced it; nothing when it comes in chunks.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
    // What was wrong with it, once a read failed: whatever went wrong after that is the client's doing.
    [[nodiscard]] virtual const std::optional<Error>& failure() const = 0;
};

struct HttpRequest {
    std::string method;  // "GET", …; HEAD is shown as GET
    std::string path;    // percent-decoded
    std::multimap<std::string, std::string> query;
    std::multimap<std::string, std::string> headers;  // names in lower case
    std::string peer;                                 // the client's address
    std::string id;                                   // of this request, for logs
    HttpBody* body = nullptr;

    // The first header of this name (in lower case); empty when there is none.
    [[nodiscard]] std::string header(const std::string& name) const;
};

// Where a reply of unknown length goes.
class HttpSink {
public:
    virtual ~HttpSink() = default;
    // Sends at once. False: the client is gone.
    virtual bool write(std::string_view bytes) = 0;
    // Whether the client is still there and the server does not stop.
    [[nodiscard]] virtual bool is_open() = 0;
};

struct HttpReply {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    // Instead of a body: a part of a blob, or whatever is written for as long as it takes. A stream takes no part of
    // the requests in flight, but one of the streams.
    std::shared_ptr<const Blob> blob;
    ByteRange part;
    std::function<void(HttpSink&)> stream;
    std::vector<std::string> job_ids;  // that the request made, for the log; the first few
};

using HttpHandler = std::function<HttpReply(HttpRequest&)>;

// What became of a request, once its reply was written or could not be.
struct HttpRecord {
    const HttpRequest& request;
    int status = 0;
    std::string_view route;  // as given by note_route; empty when none matched
    std::chrono::nanoseconds duration{};
    std::uint64_t bytes_read = 0;  // of the body
    const std::vector<std::string>& job_ids;
};

using HttpObserver = std::function<void(const HttpRecord&)>;

// A token a log can hold: 1 to 64 letters, digits, '-', '_' or '.'.
[[nodiscard]] bool is_request_id(std::string_view text);

// Only for status codes of this project's replies.
[[nodiscard]] std::string_view reason_of(int status);

}  // namespace archaeologist::host
