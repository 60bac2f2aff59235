// Threads that come as they are needed, up to a number, and stay.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace archaeologist::host {

// Thread-safe.
class ThreadPool {
public:
    explicit ThreadPool(std::size_t threads_max) : threads_max_(threads_max) {}
    ~ThreadPool() { stop(); }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void run(std::function<void()> task);
    // Whether a task that came now would have a thread at once without a new one.
    [[nodiscard]] bool has_idle() const;
    // Does what was given to it, then ends the threads. Idempotent; not to be called by a task.
    void stop();

private:
    void work();

    const std::size_t threads_max_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace archaeologist::host
