// Several real redis-server processes that belong together: what Sentinel watches, and a Cluster.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "redis/slot.hpp"
#include "support/redis_server.hpp"

namespace archaeologist {

// A primary and a replica, watched by three sentinels under the name "main".
class RedisSentinels {
public:
    RedisSentinels() : replica_({.arguments = {"--replicaof", "127.0.0.1 " + std::to_string(primary_.port())}}) {
        const std::string monitor = "sentinel monitor main 127.0.0.1 " + std::to_string(primary_.port()) +
                                    " 2\n"
                                    "sentinel down-after-milliseconds main 500\n"
                                    "sentinel failover-timeout main 3000\n";
        for (int i = 0; i < 3; ++i)
            sentinels_.emplace_back(RedisServerOptions{.is_sentinel = true, .sentinel_config = monitor});
        // They are of use once each knows the replica, and the others, for a majority.
        const bool is_ready = eventually([&] {
            return std::all_of(sentinels_.begin(), sentinels_.end(), [](const RedisServer& sentinel) {
                const std::string info = sentinel.run({"INFO", "sentinel"}).text();
                return info.find("slaves=1,sentinels=3") != std::string::npos;
            });
        });
        if (!is_ready ||
            !eventually([&] { return replica_.run({"INFO"}).text().find("link_status:up") != std::string::npos; })) {
            std::fprintf(stderr, "the sentinels do not agree:\n%s\n", sentinels_.front().log().c_str());
            std::abort();
        }
    }

    [[nodiscard]] RedisServer& primary() { return primary_; }
    [[nodiscard]] RedisServer& replica() { return replica_; }
    [[nodiscard]] std::vector<RedisServer>& sentinels() { return sentinels_; }
    [[nodiscard]] std::string url() const {
        std::string text = "redis+sentinel://";
        for (const RedisServer& sentinel : sentinels_) text += "127.0.0.1:" + std::to_string(sentinel.port()) + ",";
        text.back() = '/';
        return text + "main";
    }

private:
    RedisServer primary_;
    RedisServer replica_;
    std::vector<RedisServer> sentinels_;
};

// Three primaries with a third of the slots each.
class RedisCluster {
public:
    RedisCluster() {
        for (int i = 0; i < 3; ++i) {
            nodes_.emplace_back(RedisServerOptions{
                .arguments = {"--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--appendonly", "no"}});
        }
        const std::size_t share = redis::slot_count / nodes_.size() + 1;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const std::size_t last = std::min((i + 1) * share, redis::slot_count) - 1;
            nodes_[i].run({"CLUSTER", "ADDSLOTSRANGE", std::to_string(i * share), std::to_string(last)});
            nodes_[i].run({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
            nodes_[0].run({"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[i].port())});
        }
        if (!eventually([&] { return is_whole(); })) {
            std::fprintf(stderr, "the Cluster does not come up:\n%s\n", nodes_.front().log().c_str());
            std::abort();
        }
    }

    [[nodiscard]] std::vector<RedisServer>& nodes() { return nodes_; }
    [[nodiscard]] RedisServer& owner_of(std::string_view key) {
        return nodes_[redis::slot_of(key) / (redis::slot_count / nodes_.size() + 1)];
    }
    // A node that is not `other`.
    [[nodiscard]] RedisServer& another_than(const RedisServer& other) {
        return nodes_.data() == &other ? nodes_[1] : nodes_[0];
    }
    [[nodiscard]] static std::string id_of(const RedisServer& node) { return node.run({"CLUSTER", "MYID"}).text(); }
    [[nodiscard]] std::string url() const {
        std::string text = "redis+cluster://";
        for (const RedisServer& node : nodes_) text += "127.0.0.1:" + std::to_string(node.port()) + ",";
        text.pop_back();
        return text;
    }

    [[nodiscard]] bool is_whole() const {
        return std::all_of(nodes_.begin(), nodes_.end(), [](const RedisServer& node) {
            const std::string info = node.run({"CLUSTER", "INFO"}).text();
            return info.find("cluster_state:ok") != std::string::npos &&
                   info.find("cluster_known_nodes:3") != std::string::npos;
        });
    }

private:
    std::vector<RedisServer> nodes_;
};

}  // namespace archaeologist
