// How the claims of a process that wait hear of work: one connection a shard blocks on the shard's `wake` list, for all of
// them, and only while any waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "redis/client.hpp"

namespace archaeologist::redis_queue {

// Thread-safe. Its threads start with the first wait.
class Doorbell {
public:
    struct Seen {
        std::uint64_t rings = 0;
        std::uint64_t interrupts = 0;
    };

    Doorbell(redis::Client& client, std::vector<std::string> wake_keys);
    ~Doorbell();
    Doorbell(const Doorbell&) = delete;
    Doorbell& operator=(const Doorbell&) = delete;

    [[nodiscard]] Seen seen();
    // Returns when it rang after `before` was seen, when interrupted, or at `until`.
    void wait(const Seen& before, std::chrono::steady_clock::time_point until);
    void ring();
    void interrupt();

private:
    void listen(const std::string& key);

    redis::Client& client_;
    const std::vector<std::string> wake_keys_;
    Mutex mutex_;
    Condition rung_;
    Condition needed_;  // by a listening thread: somebody waits, or all is over
    Seen seen_ ARCHAEO_GUARDED_BY(mutex_);
    int waiting_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    bool stopping_ ARCHAEO_GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::redis_queue
