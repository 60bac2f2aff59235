// The HTTP client of everything that stands behind a URL. libcurl does the talking.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "archaeologist/result.hpp"
#include "base/log.hpp"
#include "net/message.hpp"
#include "net/metrics.hpp"
#include "net/retry.hpp"

namespace archaeologist::net {

struct ClientOptions {
    std::chrono::milliseconds connect_max{5'000};   // name, connection and TLS, an attempt
    std::chrono::milliseconds attempt_max{60'000};  // from the name to the last byte
    std::chrono::milliseconds stall_max{0};        // without a byte in either direction, in whole seconds; 0 = no limit
    std::chrono::milliseconds total_max{120'000};  // attempts and pauses together
    RetryPolicy retry;
    std::size_t connections_max = 64;  // calls at once; more wait for their turn within total_max
    std::string ca_file;               // PEM, instead of the system's authorities; empty = those
    std::string proxy;                 // http://host:port; empty = none, whatever the environment says
    Logger log;
    std::shared_ptr<Metrics> metrics;  // shared with other clients; null = its own
};

// Thread-safe. Connections are kept and used again; HTTP/2 where TLS negotiates it. Redirects are not followed: a 3xx is a
// reply like another. Names of headers and the path of the URL are logged, values and the query are not.
class Client {
public:
    // Errors: invalid_argument (a limit, the CA file or the proxy is not as it must be).
    [[nodiscard]] static Result<std::unique_ptr<Client>> open(ClientOptions options);
    virtual ~Client() = default;

    // The reply, whatever its status: 408, 425, 429, 500, 502, 503 and 504 are tried again first, with full jitter or when
    // Retry-After says, while time, attempts and the client's budget of retries last. See error_of() for what a status
    // means.
    // Errors: unavailable (nobody there, connection lost, no answer in time, certificate not to be verified; the message
    // says which), too_large (more than response_bytes_max), cancelled, invalid_argument (the URL, a header), and whatever
    // the request's body or the sink reports.
    [[nodiscard]] virtual Result<Response> send(const Request& request) = 0;

    // Ends all calls under way and all later ones, within 100 ms, with `cancelled`.
    virtual void stop() = 0;

    [[nodiscard]] virtual std::vector<EndpointMetrics> metrics() const = 0;
};

// What a reply other than 2xx means: 400 and others of 4xx invalid_argument · 401, 403 permission_denied · 404, 410 not_found ·
// 409, 412 conflict · 413 too_large · 415, 501 unsupported · 429 rate_limited · 507 storage_full · 3xx invalid_argument ("redirects
// are not followed") · 408, 425 and others of 5xx unavailable. `detail` is what the server said, in the caller's choice.
[[nodiscard]] Error error_of(const Response& response, std::string_view detail);

}  // namespace archaeologist::net
