#include "redis/routes.hpp"

namespace archaeologist::redis {

namespace {

class OneServer final : public Routes {
public:
    explicit OneServer(std::shared_ptr<Node> node) : node_(std::move(node)) {}

    Result<std::shared_ptr<Node>> node_for(std::string_view, const Patience&) override { return node_; }
    Result<std::vector<std::shared_ptr<Node>>> primaries(const Patience&) override { return std::vector{node_}; }
    void doubt(const Node&) override {}
    Result<std::shared_ptr<Node>> redirected(const Node& from, std::string_view) override {
        return Error{Code::invalid_argument,
                     from.name + " is a node of a Cluster: use redis+cluster:// instead of redis://"};
    }

private:
    const std::shared_ptr<Node> node_;
};

}  // namespace

std::shared_ptr<TlsClient> tls_of(const Url& url) { return url.tls ? std::make_shared<TlsClient>(*url.tls) : nullptr; }

std::unique_ptr<Routes> make_routes(const Url& url, const ClientOptions& options) {
    if (url.topology == Topology::sentinel) return make_sentinel_routes(url, options);
    if (url.topology == Topology::cluster) return make_cluster_routes(url, options);
    const Place place{.endpoint = url.endpoints.empty() ? Endpoint{} : url.endpoints.front(), .path = url.path};
    const Login login{.user = url.user, .password = url.password, .database = url.database, .tls = tls_of(url)};
    return std::make_unique<OneServer>(std::make_shared<Node>(place, login, options.connections_max));
}

}  // namespace archaeologist::redis
