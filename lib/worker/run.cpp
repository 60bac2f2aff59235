#include "worker/run.hpp"

#include "job/validate.hpp"
#include "queue/settle.hpp"

namespace archaeologist {

void Run::progress(std::int64_t current, std::int64_t total, std::string_view message) {
    const std::string_view shown = cut_text(message, QueueLimits::progress_bytes_max);
    const MutexLock lock(mutex_);
    if (current_ == current && total_ == total && message_ == shown) return;
    current_ = current;
    total_ = total;
    message_ = shown;
    has_news_.store(true, std::memory_order_release);
}

std::string Run::timed_out_message() const {
    const auto seconds = std::chrono::round<std::chrono::seconds>(timeout_);
    return "timed out after " + std::to_string(seconds.count()) + " s";
}

Beat Run::beat() {
    const MutexLock lock(mutex_);
    has_news_.store(false, std::memory_order_release);
    return {lease_.id, lease_.epoch, current_, total_, message_};
}

}  // namespace archaeologist
