// A job of the background that is done in rounds, for all who ask for it at once: by a thread of its own, when asked and
// every so often. What a round finds to do is everything there is, so a round that begins after a request serves it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>

#include "archaeologist/result.hpp"
#include "base/mutex.hpp"

namespace archaeologist::redis_queue {

// Thread-safe.
class Rounds {
public:
    enum class Cause { asked, time };

    Rounds(std::function<Status(Cause)> round, std::chrono::milliseconds every);
    ~Rounds();
    Rounds(const Rounds&) = delete;
    Rounds& operator=(const Rounds&) = delete;

    // Asks for a round, and does not wait.
    void ask();
    // How the first round went that began after the call. Errors: also timed_out.
    [[nodiscard]] Status wait(std::chrono::milliseconds wait_max);

private:
    void run();

    const std::function<Status(Cause)> round_;
    const std::chrono::milliseconds every_;
    Mutex mutex_;
    Condition asked_;
    Condition done_;
    bool is_asked_ ARCHAEO_GUARDED_BY(mutex_) = false;
    bool stopping_ ARCHAEO_GUARDED_BY(mutex_) = false;
    std::uint64_t begun_count_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::uint64_t done_count_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    Status last_ ARCHAEO_GUARDED_BY(mutex_);
    std::thread thread_;
};

}  // namespace archaeologist::redis_queue
