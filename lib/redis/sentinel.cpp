// Asks sentinels where the primary is (Redis's "Guidelines for Redis clients with support for Redis Sentinel").
#include <charconv>

#include "redis/known_nodes.hpp"
#include "redis/routes.hpp"

namespace archaeologist::redis {

namespace {

std::optional<Endpoint> endpoint_of(const Reply& reply) {
    if (reply.list().size() != 2) return std::nullopt;
    const std::string& port = reply.list()[1].text();
    Endpoint endpoint{.host = reply.list()[0].text(), .port = 0};
    std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (endpoint.host.empty() || endpoint.port < 1 || endpoint.port > 65'535) return std::nullopt;
    return endpoint;
}

// A sentinel seldom has a password, and one of its own or the primary's when it has.
struct Sentinel {
    std::shared_ptr<Node> without_login;
    std::shared_ptr<Node> with_login;  // null without a password
};

class PrimaryBySentinels final : public Routes {
public:
    PrimaryBySentinels(const Url& url, const ClientOptions& options)
        : name_(url.name),
          primaries_({.user = url.user, .password = url.password, .database = url.database, .tls = tls_of(url)},
                     options.connections_max) {
        const Login no_login{.user = {}, .password = {}, .tls = tls_of(url)};
        const Login own_login{.user = url.user, .password = url.password, .tls = no_login.tls};
        for (const Endpoint& endpoint : url.endpoints) {
            const Place place{endpoint, {}};
            auto with_login =
                url.password.empty() ? nullptr : std::make_shared<Node>(place, own_login, options.connections_max);
            sentinels_.push_back({std::make_shared<Node>(place, no_login, options.connections_max), with_login});
        }
    }

    Result<std::shared_ptr<Node>> node_for(std::string_view, const Patience& patience) override {
        {
            const MutexLock lock(mutex_);
            if (primary_ != nullptr) return primary_;
        }
        ARCHAEO_ASSIGN(std::shared_ptr<Node> found, find_primary(patience));
        const MutexLock lock(mutex_);
        primary_ = found;
        return found;
    }

    Result<std::vector<std::shared_ptr<Node>>> primaries(const Patience& patience) override {
        ARCHAEO_ASSIGN(std::shared_ptr<Node> node, node_for({}, patience));
        return std::vector{std::move(node)};
    }

    void doubt(const Node& node) override {
        const MutexLock lock(mutex_);
        if (primary_.get() == &node) primary_ = nullptr;
    }

    Result<std::shared_ptr<Node>> redirected(const Node& from, std::string_view) override {
        return Error{Code::invalid_argument,
                     from.name + " is a node of a Cluster: use redis+cluster:// instead of redis+sentinel://"};
    }

private:
    [[nodiscard]] Result<std::shared_ptr<Node>> find_primary(const Patience& patience);
    // Null when the sentinel knows no primary of the name.
    [[nodiscard]] Result<std::shared_ptr<Node>> ask(const Sentinel& sentinel, const Patience& patience);
    [[nodiscard]] Status check_role(const Node& node, const Patience& patience) const;

    const std::string name_;
    std::vector<Sentinel> sentinels_;
    KnownNodes primaries_;
    Mutex mutex_;
    std::shared_ptr<Node> primary_ ARCHAEO_GUARDED_BY(mutex_);
};

Result<std::shared_ptr<Node>> PrimaryBySentinels::find_primary(const Patience& patience) {
    Error reason;
    std::size_t ignorant = 0;
    for (std::size_t i = 0; i < sentinels_.size(); ++i) {
        auto node = ask(sentinels_[i], share_of(patience, sentinels_.size() - i));
        if (node && *node != nullptr) return node;
        if (!node && node.error().code == Code::cancelled) return node;
        ignorant += node ? 1 : 0;
        if (!node) reason = std::move(node).error();
    }
    if (ignorant == sentinels_.size()) {
        return Error{Code::not_found, "redis: no sentinel knows a primary \"" + name_ + "\""};
    }
    if (reason.code != Code::permission_denied) reason.code = Code::unavailable;
    reason.message = "primary \"" + name_ + "\": " + reason.message;
    return reason;
}

Result<std::shared_ptr<Node>> PrimaryBySentinels::ask(const Sentinel& sentinel, const Patience& patience) {
    const std::string_view words[] = {"SENTINEL", "get-master-addr-by-name", name_};
    auto reply = ask_node(*sentinel.without_login, words, patience);
    if (!reply && reply.error().code == Code::permission_denied && sentinel.with_login != nullptr) {
        reply = ask_node(*sentinel.with_login, words, patience);
    }
    if (!reply) {
        reply.error().message = "sentinel " + reply.error().message;
        return std::move(reply).error();
    }
    if (reply->is_nil()) return std::shared_ptr<Node>();
    const auto endpoint = endpoint_of(*reply);
    if (!endpoint) {
        return Error{Code::unavailable, "sentinel " + sentinel.without_login->name + " named no host and port"};
    }
    std::shared_ptr<Node> node = primaries_.at(*endpoint);
    ARCHAEO_TRY(check_role(*node, patience));
    return node;
}

// A sentinel that was cut off names the primary of before. Who may not ask for the role finds out by READONLY.
Status PrimaryBySentinels::check_role(const Node& node, const Patience& patience) const {
    const std::string_view words[] = {"ROLE"};
    const auto role = ask_node(node, words, patience);
    if (!role && role.error().message.find("NOPERM") != std::string::npos) return {};
    if (!role) return role.error();
    if (!role->list().empty() && role->list().front().text() == "master") return {};
    return Error{Code::unavailable, node.name + ": a sentinel names it the primary, but it is a replica"};
}

}  // namespace

std::unique_ptr<Routes> make_sentinel_routes(const Url& url, const ClientOptions& options) {
    return std::make_unique<PrimaryBySentinels>(url, options);
}

}  // namespace archaeologist::redis
