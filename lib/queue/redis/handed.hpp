// How far the relay is behind what this process wrote into the outbox.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/mutex.hpp"

namespace archaeologist::redis_queue {

// Thread-safe.
class Handed {
public:
    // So many jobs are in the outbox, committed; before the relay is asked to look.
    void note_written(std::size_t jobs) {
        const MutexLock lock(mutex_);
        written_ += jobs;
    }
    // While the relay is far behind, for who comes later would have to wait for all of that.
    void wait_for_room(std::chrono::milliseconds wait_max) {
        const auto give_up_at = std::chrono::steady_clock::now() + wait_max;
        const MutexLock lock(mutex_);
        while (written_ - told_ > lag_max) {
            const auto left = give_up_at - std::chrono::steady_clock::now();
            if (left <= left.zero()) return;
            changed_.wait_for(mutex_, left);
        }
    }
    // What is in the outbox by now.
    [[nodiscard]] std::uint64_t written() {
        const MutexLock lock(mutex_);
        return written_;
    }
    // Redis was told of all that was written then.
    void note_told(std::uint64_t written) {
        const MutexLock lock(mutex_);
        if (written <= told_) return;
        told_ = written;
        changed_.notify_all();
    }
    // Until Redis was told of all that is written now, or the time is over. At once where the relay is far behind: it would not
    // be through in time.
    void wait(std::chrono::milliseconds wait_max) {
        const auto give_up_at = std::chrono::steady_clock::now() + wait_max;
        const MutexLock lock(mutex_);
        for (const std::uint64_t wanted = written_; told_ < wanted && wanted - told_ <= lag_max;) {
            const auto left = give_up_at - std::chrono::steady_clock::now();
            if (left <= left.zero()) return;
            changed_.wait_for(mutex_, left);
        }
    }

private:
    static constexpr std::uint64_t lag_max = 10'000;

    Mutex mutex_;
    Condition changed_;
    std::uint64_t written_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::uint64_t told_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

}  // namespace archaeologist::redis_queue
