// The programs' one HTTP client.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "archaeologist/lake.hpp"
#include "archaeologist/result.hpp"
#include "host/http_url.hpp"

namespace archaeologist::host {

struct ClientRequest {
    std::string method = "GET";
    std::string target;             // below the base path: "/jobs?page=2", percent-encoded
    std::string body;               // sent unless there is content
    std::string content_type;       // of either
    ByteSource* content = nullptr;  // streamed as the body; must give exactly content_bytes
    std::uint64_t content_bytes = 0;
};

struct ClientReply {
    int status = 0;
    std::string content_type;
    std::string date;  // as the server wrote it; empty when it did not
    std::string body;
};

struct ClientOptions {
    std::string bearer;  // a key, sent as Authorization; empty = none. Never shown, never sent elsewhere.
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds read_timeout{300'000};  // between two pieces of a reply
    std::chrono::milliseconds write_timeout{60'000};
    std::uint64_t reply_bytes_max = std::uint64_t{64} << 20;
};

// One connection, kept open between requests. Redirects are not followed. One thread at a time.
class HttpClient {
public:
    HttpClient(HttpUrl url, ClientOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Whatever its status is, a whole reply is a success. A GET that met a connection which had just been closed is
    // sent once more. Errors: unavailable (no connection, or it broke), permission_denied (the certificate), too_large
    // (the reply), and what the content reports.
    [[nodiscard]] Result<ClientReply> send(const ClientRequest& request);

    [[nodiscard]] const HttpUrl& url() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace archaeologist::host
