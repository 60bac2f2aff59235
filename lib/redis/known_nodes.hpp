// The servers met so far, each once, with the connections to it.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/mutex.hpp"
#include "redis/node.hpp"

namespace archaeologist::redis {

// Thread-safe.
class KnownNodes {
public:
    KnownNodes(Login login, std::size_t connections_max)
        : login_(std::move(login)), connections_max_(connections_max) {}

    [[nodiscard]] std::shared_ptr<Node> at(const Endpoint& endpoint) {
        const MutexLock lock(mutex_);
        auto& node = nodes_[to_string(endpoint)];
        if (node == nullptr) node = std::make_shared<Node>(Place{endpoint, {}}, login_, connections_max_);
        return node;
    }

private:
    const Login login_;
    const std::size_t connections_max_;
    Mutex mutex_;
    std::map<std::string, std::shared_ptr<Node>> nodes_ ARCHAEO_GUARDED_BY(mutex_);
};

// One command on a kept connection to the node, with one more attempt when the connection was an old one.
// Errors: those of Connection, and what an error reply means.
[[nodiscard]] Result<Reply> ask_node(const Node& node, std::span<const std::string_view> words,
                                     const Patience& patience);

// For asking `left` servers in turn: an equal share of the time for the next one.
[[nodiscard]] inline Patience share_of(const Patience& patience, std::size_t left) {
    const auto now = std::chrono::steady_clock::now();
    const auto time = std::max<Instant::duration>(patience.until - now, Instant::duration::zero());
    return {now + time / static_cast<std::int64_t>(std::max<std::size_t>(left, 1)), patience.wake_fd};
}

}  // namespace archaeologist::redis
