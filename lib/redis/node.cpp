#include "redis/node.hpp"

namespace archaeologist::redis {

Borrowed::~Borrowed() {
    if (connection_ != nullptr) pool_->put_back(std::move(connection_));
}

// Null means: connect, the place for it is taken.
Result<std::unique_ptr<Connection>> Pool::idle_or_place(const Patience& patience) {
    const MutexLock lock(mutex_);
    while (idle_.empty() && open_ >= connections_max_) {
        const auto left = patience.until - std::chrono::steady_clock::now();
        if (left <= Instant::duration::zero()) {
            return Error{Code::unavailable, to_string(place_) + ": all " + std::to_string(connections_max_) +
                                                " connections are in use (connections_max)"};
        }
        freed_.wait_for(mutex_, left);
    }
    if (idle_.empty()) {
        ++open_;
        return std::unique_ptr<Connection>();
    }
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
}

Result<Borrowed> Pool::take(const Patience& patience) {
    ARCHAEO_ASSIGN(std::unique_ptr<Connection> idle, idle_or_place(patience));
    if (idle != nullptr) return Borrowed(shared_from_this(), std::move(idle), Borrowed::Origin::idle);
    auto fresh = Connection::open(place_, login_, patience);
    if (fresh) return Borrowed(shared_from_this(), std::move(*fresh), Borrowed::Origin::fresh);
    put_back(nullptr);
    return std::move(fresh).error();
}

void Pool::put_back(std::unique_ptr<Connection> connection) {
    {
        const MutexLock lock(mutex_);
        if (connection != nullptr && connection->is_usable()) {
            idle_.push_back(std::move(connection));
        } else {
            --open_;
        }
    }
    freed_.notify_one();
}

void Pool::close_idle() {
    std::vector<std::unique_ptr<Connection>> closed;
    {
        const MutexLock lock(mutex_);
        closed.swap(idle_);
        open_ -= closed.size();
    }
    freed_.notify_all();
}

}  // namespace archaeologist::redis
