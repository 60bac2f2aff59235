// One server and the connections to it that are kept.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "redis/connection.hpp"

namespace archaeologist::redis {

class Pool;

// A connection for one call: goes back to its pool if it is still of use, else it is closed.
class Borrowed {
public:
    enum class Origin : std::uint8_t { idle, fresh };

    Borrowed(std::shared_ptr<Pool> pool, std::unique_ptr<Connection> connection, Origin origin)
        : pool_(std::move(pool)), connection_(std::move(connection)), origin_(origin) {}
    Borrowed(Borrowed&&) noexcept = default;
    Borrowed& operator=(Borrowed&&) = delete;
    ~Borrowed();

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    // An idle one may have been lost long ago, without anybody's noticing.
    [[nodiscard]] Origin origin() const { return origin_; }

private:
    std::shared_ptr<Pool> pool_;
    std::unique_ptr<Connection> connection_;
    Origin origin_;
};

// Thread-safe. Keeps connections for as long as it lives; the last one used is the first one taken.
class Pool : public std::enable_shared_from_this<Pool> {
public:
    Pool(Place place, Login login, std::size_t connections_max)
        : place_(std::move(place)), login_(std::move(login)), connections_max_(connections_max) {}

    // Waits, when all are in use, and connects, when none is idle. Errors: those of Connection::open.
    [[nodiscard]] Result<Borrowed> take(const Patience& patience);

    void close_idle();

private:
    friend class Borrowed;
    void put_back(std::unique_ptr<Connection> connection);
    [[nodiscard]] Result<std::unique_ptr<Connection>> idle_or_place(const Patience& patience);

    const Place place_;
    const Login login_;
    const std::size_t connections_max_;
    Mutex mutex_;
    Condition freed_;
    std::vector<std::unique_ptr<Connection>> idle_ ARCHAEO_GUARDED_BY(mutex_);
    std::size_t open_ ARCHAEO_GUARDED_BY(mutex_) = 0;  // idle ones and those in use
};

struct Node {
    Node(Place where, const Login& login, std::size_t connections_max)
        : place(std::move(where)),
          name(to_string(place)),
          calls(std::make_shared<Pool>(place, login, connections_max)),
          waits(std::make_shared<Pool>(place, login, std::numeric_limits<std::size_t>::max())) {}

    const Place place;
    const std::string name;
    const std::shared_ptr<Pool> calls;
    const std::shared_ptr<Pool> waits;  // for calls that block on purpose
};

}  // namespace archaeologist::redis
