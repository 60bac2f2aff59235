#include "queue/redis/doorbell.hpp"

namespace archaeologist::redis_queue {
namespace {

constexpr std::chrono::milliseconds listen_max{1'000};
constexpr std::chrono::milliseconds pause_after_error{100};

}  // namespace

Doorbell::Doorbell(redis::Client& client, std::vector<std::string> wake_keys)
    : client_(client), wake_keys_(std::move(wake_keys)) {}

Doorbell::~Doorbell() {
    std::vector<std::thread> threads;
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        threads.swap(threads_);
        needed_.notify_all();
    }
    client_.interrupt();
    for (std::thread& thread : threads) thread.join();
}

Doorbell::Seen Doorbell::seen() {
    const MutexLock lock(mutex_);
    return seen_;
}

void Doorbell::wait(const Seen& before, std::chrono::steady_clock::time_point until) {
    const MutexLock lock(mutex_);
    if (threads_.empty() && !stopping_) {
        for (const std::string& key : wake_keys_) threads_.emplace_back([this, key] { listen(key); });
    }
    ++waiting_;
    needed_.notify_all();
    while (seen_.rings == before.rings && seen_.interrupts == before.interrupts) {
        const auto left = until - std::chrono::steady_clock::now();
        if (left <= left.zero()) break;
        rung_.wait_for(mutex_, left);
    }
    --waiting_;
}

void Doorbell::ring() {
    const MutexLock lock(mutex_);
    ++seen_.rings;
    rung_.notify_all();
}

void Doorbell::interrupt() {
    const MutexLock lock(mutex_);
    ++seen_.interrupts;
    rung_.notify_all();
}

void Doorbell::listen(const std::string& key) {
    for (;;) {
        {
            const MutexLock lock(mutex_);
            while (waiting_ == 0 && !stopping_) needed_.wait(mutex_);
            if (stopping_) return;
        }
        const auto token = client_.block_pop(key, listen_max);
        if (token && !token->is_nil()) ring();
        if (token || token.error().code == Code::cancelled) continue;
        const MutexLock lock(mutex_);
        if (!stopping_) needed_.wait_for(mutex_, pause_after_error);
    }
}

}  // namespace archaeologist::redis_queue
