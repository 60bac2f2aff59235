#include "base/crew.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

namespace archaeologist {
namespace {

constexpr auto observe_every = std::chrono::milliseconds(200);

}  // namespace

Status Crew::go_on() const {
    if (is_stopped()) return Error{Code::cancelled, "stopped; a second call goes on from here"};
    return {};
}

Status Crew::for_each(std::size_t size, const std::function<Status(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::optional<Error> failure;
    const auto work_along = [&] {
        for (std::size_t at = next++; at < size && !is_stopped(); at = next++) {
            Status done = work(at);
            if (done) continue;
            next = size;
            const MutexLock lock(mutex_);
            if (!failure) failure = std::move(done).error();
        }
        const MutexLock lock(mutex_);
        --working_;
        ended_.notify_all();
    };
    std::vector<std::thread> threads(std::min(static_cast<std::size_t>(options_.threads), size));
    {
        const MutexLock lock(mutex_);
        working_ = static_cast<int>(threads.size());
    }
    for (std::thread& thread : threads) thread = std::thread(work_along);
    observe_until_idle();
    for (std::thread& thread : threads) thread.join();
    if (failure) return *std::move(failure);
    return go_on();
}

void Crew::observe_until_idle() {
    for (;;) {
        {
            const MutexLock lock(mutex_);
            if (working_ > 0) ended_.wait_for(mutex_, observe_every);
            if (working_ == 0) return;
        }
        if (options_.observe) options_.observe();
    }
}

}  // namespace archaeologist
