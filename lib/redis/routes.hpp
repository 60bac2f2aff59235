// Which server serves a key: one for all (a server, or what sentinels name the primary), or a Cluster's map of slots.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "redis/client.hpp"
#include "redis/node.hpp"

namespace archaeologist::redis {

// Thread-safe.
class Routes {
public:
    virtual ~Routes() = default;

    // Errors: unavailable (cannot be found out now), cancelled; others are final.
    [[nodiscard]] virtual Result<std::shared_ptr<Node>> node_for(std::string_view key, const Patience& patience) = 0;
    [[nodiscard]] virtual Result<std::vector<std::shared_ptr<Node>>> primaries(const Patience& patience) = 0;

    // `node` was lost, or said that it is no primary: find out anew.
    virtual void doubt(const Node& node) = 0;

    // Where a MOVED or ASK of `from` points to.
    [[nodiscard]] virtual Result<std::shared_ptr<Node>> redirected(const Node& from, std::string_view text) = 0;
};

// Null where the URL says no TLS.
[[nodiscard]] std::shared_ptr<TlsClient> tls_of(const Url& url);

[[nodiscard]] std::unique_ptr<Routes> make_routes(const Url& url, const ClientOptions& options);

[[nodiscard]] std::unique_ptr<Routes> make_sentinel_routes(const Url& url, const ClientOptions& options);
[[nodiscard]] std::unique_ptr<Routes> make_cluster_routes(const Url& url, const ClientOptions& options);

}  // namespace archaeologist::redis
