// A Cluster's map of slots: asked for when needed, kept until a node was lost or said MOVED.
#include <algorithm>

#include "redis/known_nodes.hpp"
#include "redis/routes.hpp"
#include "redis/slot.hpp"

namespace archaeologist::redis {

namespace {

struct SlotMap {
    std::vector<std::shared_ptr<Node>> owners{slot_count};  // null where nobody serves the slot
    std::vector<std::shared_ptr<Node>> primaries;
};

class ClusterMap final : public Routes {
public:
    ClusterMap(const Url& url, const ClientOptions& options)
        : seeds_(url.endpoints),
          nodes_({.user = url.user, .password = url.password, .database = 0, .tls = tls_of(url)},
                 options.connections_max) {}

    Result<std::shared_ptr<Node>> node_for(std::string_view key, const Patience& patience) override {
        ARCHAEO_ASSIGN(const auto map, current_map(patience));
        if (key.empty()) return map->primaries.front();
        const std::size_t slot = slot_of(key);
        if (map->owners[slot] != nullptr) return map->owners[slot];
        set_stale();
        return Error{Code::unavailable, "redis: no node of the Cluster serves slot " + std::to_string(slot)};
    }

    Result<std::vector<std::shared_ptr<Node>>> primaries(const Patience& patience) override {
        ARCHAEO_ASSIGN(const auto map, current_map(patience));
        return map->primaries;
    }

    void doubt(const Node& node) override {
        const MutexLock lock(mutex_);
        is_stale_ = true;
        doubted_ = node.name;
    }

    Result<std::shared_ptr<Node>> redirected(const Node& from, std::string_view text) override {
        auto endpoint = redirection_of(text);
        if (!endpoint) return Error{Code::internal, from.name + ": no address in \"" + std::string(text) + "\""};
        if (endpoint->host.empty()) endpoint->host = from.place.endpoint.host;
        return nodes_.at(*endpoint);
    }

private:
    [[nodiscard]] Result<std::shared_ptr<const SlotMap>> current_map(const Patience& patience);
    [[nodiscard]] std::vector<std::shared_ptr<Node>> candidates();
    [[nodiscard]] Result<std::shared_ptr<const SlotMap>> ask(const Node& node, const Patience& patience);
    void set_stale() {
        const MutexLock lock(mutex_);
        is_stale_ = true;
    }

    const std::vector<Endpoint> seeds_;
    KnownNodes nodes_;
    Mutex mutex_;
    std::shared_ptr<const SlotMap> map_ ARCHAEO_GUARDED_BY(mutex_);
    bool is_stale_ ARCHAEO_GUARDED_BY(mutex_) = true;
    std::string doubted_ ARCHAEO_GUARDED_BY(mutex_);  // the node lost last, asked last
};

// The primaries known, then the nodes of the URL: all of those known may be gone.
std::vector<std::shared_ptr<Node>> ClusterMap::candidates() {
    std::vector<std::shared_ptr<Node>> nodes;
    for (const Endpoint& seed : seeds_) nodes.push_back(nodes_.at(seed));
    const MutexLock lock(mutex_);
    if (map_ != nullptr) nodes.insert(nodes.begin(), map_->primaries.begin(), map_->primaries.end());
    std::stable_partition(nodes.begin(), nodes.end(),
                          [&, last = doubted_](const auto& node) { return node->name != last; });
    return nodes;
}

Result<std::shared_ptr<const SlotMap>> ClusterMap::current_map(const Patience& patience) {
    {
        const MutexLock lock(mutex_);
        if (map_ != nullptr && !is_stale_) return map_;
    }
    Error reason;
    const auto asked = candidates();
    for (std::size_t i = 0; i < asked.size(); ++i) {
        auto map = ask(*asked[i], share_of(patience, asked.size() - i));
        if (map) {
            const MutexLock lock(mutex_);
            map_ = *map;
            is_stale_ = false;
            return map;
        }
        if (map.error().code != Code::unavailable) return map;
        reason = std::move(map).error();
    }
    return reason;
}

Result<std::shared_ptr<const SlotMap>> ClusterMap::ask(const Node& node, const Patience& patience) {
    const std::string_view words[] = {"CLUSTER", "SLOTS"};
    auto reply = ask_node(node, words, patience);
    if (!reply && reply.error().message.find("cluster support disabled") != std::string::npos) {
        return Error{Code::invalid_argument,
                     node.name + " is no node of a Cluster: use redis:// instead of redis+cluster://"};
    }
    if (!reply) return std::move(reply).error();
    auto map = std::make_shared<SlotMap>();
    for (const Reply& range : reply->list()) {
        if (range.list().size() < 3 || range.list()[2].list().size() < 2) continue;
        const auto first = static_cast<std::size_t>(range.list()[0].number());
        const auto last = static_cast<std::size_t>(range.list()[1].number());
        Endpoint endpoint{.host = range.list()[2].list()[0].text(),
                          .port = static_cast<int>(range.list()[2].list()[1].number())};
        if (endpoint.host.empty() || endpoint.host == "?") endpoint.host = node.place.endpoint.host;
        if (last >= slot_count || first > last) continue;
        const auto owner = nodes_.at(endpoint);
        std::fill(map->owners.begin() + static_cast<std::ptrdiff_t>(first),
                  map->owners.begin() + static_cast<std::ptrdiff_t>(last) + 1, owner);
        if (std::find(map->primaries.begin(), map->primaries.end(), owner) == map->primaries.end()) {
            map->primaries.push_back(owner);
        }
    }
    if (map->primaries.empty()) return Error{Code::unavailable, node.name + " knows no node that serves slots"};
    return std::shared_ptr<const SlotMap>(std::move(map));
}

}  // namespace

std::unique_ptr<Routes> make_cluster_routes(const Url& url, const ClientOptions& options) {
    return std::make_unique<ClusterMap>(url, options);
}

}  // namespace archaeologist::redis
