// One attempt at one job, as its handler and the worker see it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "archaeologist/worker.hpp"
#include "base/mutex.hpp"

namespace archaeologist {

// Outlives the worker when its handler never returns, so it holds no reference to anything. Thread-safe.
class Run final : public JobContext {
public:
    // `deadline` counts like Clock::since_boot, so that a step of the wall clock neither ends nor prolongs the attempt.
    Run(Lease lease, TimePoint started_at, std::chrono::milliseconds deadline, std::chrono::milliseconds timeout)
        : lease_(std::move(lease)), started_at_(started_at), deadline_(deadline), timeout_(timeout) {}

    [[nodiscard]] const Lease& lease() const override { return lease_; }
    void progress(std::int64_t current, std::int64_t total, std::string_view message) override;
    [[nodiscard]] bool stop_requested() const override { return stop_.load(std::memory_order_acquire); }

    void request_stop() { stop_.store(true, std::memory_order_release); }
    [[nodiscard]] std::uint64_t epoch() const { return lease_.epoch; }
    [[nodiscard]] TimePoint started_at() const { return started_at_; }
    [[nodiscard]] std::chrono::milliseconds deadline_since_boot() const { return deadline_; }
    [[nodiscard]] std::string timed_out_message() const;
    // With the progress as it is now; after it the progress is no news.
    [[nodiscard]] Beat beat();
    // Whether the progress changed since the last beat.
    [[nodiscard]] bool has_news() const { return has_news_.load(std::memory_order_acquire); }

    // By the thread that calls the handler, before it does.
    void note_begin() { began_at_ = std::chrono::steady_clock::now(); }
    // By that thread, afterwards.
    [[nodiscard]] std::chrono::nanoseconds ran_for() const { return std::chrono::steady_clock::now() - began_at_; }

private:
    const Lease lease_;
    const TimePoint started_at_;
    const std::chrono::milliseconds deadline_;
    const std::chrono::milliseconds timeout_;
    std::chrono::steady_clock::time_point began_at_{};
    std::atomic<bool> stop_ = false;
    std::atomic<bool> has_news_ = false;
    mutable Mutex mutex_;
    std::int64_t current_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::int64_t total_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::string message_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist
