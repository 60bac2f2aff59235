#include "worker/run.hpp"

#include "job/validate.hpp"
#include "queue/settle.hpp"

namespace archaeologist {

void Run::progress(std::int64_t current, std::int64_t total, std::string_view message) {
    const MutexLock lock(mutex_);
    current_ = current;
    total_ = total;
    message_ = cut_text(message, QueueLimits::progress_bytes_max);
}

std::string Run::timed_out_message() const {
    const auto seconds = std::chrono::round<std::chrono::seconds>(timeout_);
    return "timed out after " + std::to_string(seconds.count()) + " s";
}

Beat Run::beat() const {
    const MutexLock lock(mutex_);
    return {lease_.id, lease_.epoch, current_, total_, message_};
}

}  // namespace archaeologist
